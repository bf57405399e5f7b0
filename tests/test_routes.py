"""Every address of the portal: closed by default, and never kept by anybody between."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from coe_portal.people.models import User

OPEN = {
    "account_login",
    "account_signup",  # answers that nobody signs up by themselves
    "account_confirm_login_code",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "channels:verify",  # is this account really ours?
    "channels:verify_json",
    "identity:invitation",  # the link in the mail
    "identity:oidc_callback",
    "identity:provider_login",
    "identity:saml_acs",
    "identity:saml_finish",
    "identity:saml_metadata",  # who we are, for the provider
    "identity:signed_out",
    "design:language",  # English or Spanish, before somebody has signed in
    "scim",  # who shows a token
    "scim_root",
    "design:appearance",  # light or dark, also on the page to sign in
    "home:healthz",
    "training:certificate",  # is this certificate really ours?
    "notifications:unsubscribe",  # a link in a mail, opened where nobody is signed in
    "mfa_authenticate",
    "mfa_login_webauthn",
}


@dataclass(frozen=True)
class Route:
    name: str
    view: Callable[..., HttpResponse]
    address: str | None

    @property
    def is_open(self) -> bool:
        return not getattr(self.view, "login_required", True)


SAMPLES = {"IntConverter": 1, "UUIDConverter": uuid4()}
SAMPLES_BY_NAME = {"form": "csv", "uidb36": "1", "key": "x", "token": "x"}


def routes(resolver: URLResolver, namespace: str = "", above: tuple[str, ...] = ()) -> Iterator[Route]:
    for each in resolver.url_patterns:
        arguments = {**dict(above), **samples(each)}
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from routes(each, inner, tuple(arguments.items()))
        else:
            name = f"{namespace}{each.name}"
            yield Route(name, each.callback, reverse(name, kwargs=arguments) if each.name else None)


def samples(pattern: URLPattern | URLResolver) -> dict[str, object]:
    """A number or a word for every argument."""
    by_kind = {key: SAMPLES.get(type(kind).__name__, "x") for key, kind in pattern.pattern.converters.items()}
    return by_kind | {key: SAMPLES_BY_NAME[key] for key in pattern.pattern.regex.groupindex if key in SAMPLES_BY_NAME}


ROUTES = sorted(routes(get_resolver()), key=lambda route: route.name)


def test_the_open_addresses_are_these():
    assert {route.name for route in ROUTES if route.is_open} == OPEN


def test_every_address_has_a_name():
    assert [route for route in ROUTES if route.address is None] == []


@pytest.mark.django_db
@pytest.mark.parametrize("route", [each for each in ROUTES if not each.is_open], ids=lambda route: route.name)
def test_a_stranger_is_sent_to_sign_in(route: Route):
    response = Client().get(route.address)

    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={route.address}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "route", [each for each in ROUTES if each.name != "home:healthz"], ids=lambda route: route.name
)
def test_nothing_that_is_signed_in_may_be_kept(route: Route, strategist: User, sign_in):
    response = sign_in(strategist).get(route.address)

    assert response.status_code < 500
    if response.status_code == 200:
        assert set(response.headers["Cache-Control"].split(", ")) >= {"private", "no-store"}


def test_a_page_is_read_or_sent_to_and_nothing_else():
    pages = [each for each in ROUTES if not getattr(each.view, "takes_any_method", False)]

    found = {
        Client().generic(method, each.address).status_code for each in pages for method in ("PUT", "PATCH", "DELETE")
    }

    assert found == {405}
