"""Every address of the portal: closed by default, and never kept by anybody between."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

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
    "design:appearance",  # light or dark, also on the page to sign in
    "home:healthz",
    "mfa_authenticate",
    "mfa_login_webauthn",
}


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from patterns(each, inner)
        else:
            yield f"{namespace}{each.name}", each


ALL = sorted(patterns(get_resolver()), key=lambda pair: pair[0])


def is_open(pattern: URLPattern) -> bool:
    return not getattr(pattern.callback, "login_required", True)


def test_the_open_addresses_are_these():
    assert {name for name, pattern in ALL if is_open(pattern)} == OPEN


def test_every_address_has_a_name():
    assert [str(pattern.pattern) for name, pattern in ALL if pattern.name is None] == []


def address(name: str, pattern: URLPattern) -> str | None:
    """The address with 1 or a word for every argument; None for one that needs more than that."""
    for arguments in ({}, dict.fromkeys(pattern.pattern.converters, 1), dict.fromkeys(pattern.pattern.converters, "x")):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    return None


def name_of(part: object) -> str:
    return part if isinstance(part, str) else ""


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "pattern"), [pair for pair in ALL if not is_open(pair[1])], ids=name_of)
def test_a_stranger_is_sent_to_sign_in(name: str, pattern: URLPattern):
    url = address(name, pattern)
    if url is None:
        pytest.skip("needs an argument of its own kind")

    response = Client().get(url)

    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={url}"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "pattern"), [pair for pair in ALL if pair[0] != "home:healthz"], ids=name_of)
def test_nothing_that_is_signed_in_may_be_kept(name: str, pattern: URLPattern, strategist: User, sign_in):
    url = address(name, pattern)
    if url is None:
        pytest.skip("needs an argument of its own kind")

    response = sign_in(strategist).get(url)

    assert response.status_code < 500
    if response.status_code == 200:
        kept_by_nobody = set(response.headers["Cache-Control"].split(", "))
        assert kept_by_nobody >= {"private", "no-store"}
