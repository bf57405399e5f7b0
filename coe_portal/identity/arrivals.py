"""Somebody comes back from a provider: signed in, confirmed, shown to the administrator who tests, or refused."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coe_portal.identity import sessions
from coe_portal.identity.actions.mapping import apply_mapping
from coe_portal.identity.actions.providers import record_test
from coe_portal.identity.actions.sign_in import link, note_refused, welcome
from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.permissions import may_manage_sign_in
from coe_portal.identity.queries.links import Unknown, person_for
from coe_portal.identity.queries.mapping import gifts, rules_of
from coe_portal.identity.queries.providers import row_of
from coe_portal.identity.traits import Traits, traits_of
from coe_portal.people.models import User

SIGN_IN = "login"
CONFIRM = "confirm"
TEST = "test"
# Remembered while an administrator is away testing, so that a failure finds its page.
TESTING = "identity_testing"


def receive(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse | None:
    """The whole answer, or None where allauth is to go on and sign the person in."""
    provider = row_of(sociallogin.provider.app)
    if provider.is_oidc and sociallogin.state.get("nonce") != sociallogin.claims.get("nonce"):
        return failed(request, sociallogin.provider, exception=ValueError("The nonce is not the one we sent."))
    traits = traits_of(provider, sociallogin.attributes)
    process = sociallogin.state.get("process")
    if process == TEST:
        return _tested(request, provider, traits, sociallogin.account.extra_data["sub"])
    if not provider.enabled:
        return refused(request, provider, None, "disabled")
    if process == CONFIRM:
        return _confirmed(request, provider, sociallogin)
    return _sign_in(request, provider, traits, sociallogin)


def _sign_in(
    request: HttpRequest, provider: IdentityProvider, traits: Traits, sociallogin: SocialLogin
) -> HttpResponse | None:
    try:
        person = _known(provider, traits, sociallogin)
    except Unknown as unknown:
        return refused(request, provider, None, unknown.why)
    except IntegrityError as error:
        # Two first sign-ins at once: the other one has made the link, and the next try finds it.
        return failed(request, sociallogin.provider, exception=error)
    if not person.is_active:
        return refused(request, provider, person, "deactivated")
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    request.session[sessions.PROVIDER] = provider.key
    request.session[sessions.SECOND_FACTOR_BY_PROVIDER] = traits.second_factor
    return None


@transaction.atomic
def _known(provider: IdentityProvider, traits: Traits, sociallogin: SocialLogin) -> User:
    """The person, linked or made where that is allowed, with what the provider's groups give them today."""
    person = _person(provider, traits, sociallogin)
    if person.is_active:
        wanted = gifts(rules_of(provider), traits.attributes)
        apply_mapping(provider=provider, person=person, wanted=wanted, on=timezone.localdate())
    return person


def _person(provider: IdentityProvider, traits: Traits, sociallogin: SocialLogin) -> User:
    if sociallogin.is_existing:
        person: User = sociallogin.user
        return person
    known = person_for(provider, traits)
    if known is None:
        person = welcome(provider=provider, traits=traits, account=sociallogin.account, on=timezone.localdate())
    else:
        person = known
        if person.is_active:
            link(provider=provider, person=person, account=sociallogin.account)
    sociallogin.user = person
    return person


def _confirmed(request: HttpRequest, provider: IdentityProvider, sociallogin: SocialLogin) -> HttpResponse:
    """It is still the person who is signed in: what they were about to do goes on."""
    if not request.user.is_authenticated or sociallogin.user != request.user:
        return refused(request, provider, None, "somebody_else")
    record_authentication(
        request, request.user, "socialaccount", reauthenticated=True,
        provider=sociallogin.account.provider, uid=sociallogin.account.uid,
    )  # fmt: skip
    back = QueryDict(mutable=True)
    back["next"] = sociallogin.state.get("next", "/")
    request.GET = back  # type: ignore[assignment]
    return resume_request(request) or HttpResponseRedirect("/")


def _tested(request: HttpRequest, provider: IdentityProvider, traits: Traits, subject: str) -> HttpResponse:
    """Shown to the administrator; nobody is signed in, created or linked."""
    if not request.user.is_authenticated or not may_manage_sign_in(request.user):
        return refused(request, provider, None, "test_lost")
    request.session.pop(TESTING, None)
    record_test(by=request.user, provider=provider, subject=subject, attributes=traits.attributes)
    messages.success(request, _("The round trip worked. Look at what came before you put the button on the page."))
    return HttpResponseRedirect(reverse("identity:provider", args=[provider.pk]))


def refused(request: HttpRequest, provider: IdentityProvider, person: User | None, why: str) -> HttpResponse:
    """Known to the provider, not let in here: a page that says whom to ask, never who else exists."""
    note_refused(person=person, why=why, provider=provider)
    context = {"provider": provider, "somebody_else": why == "somebody_else"}
    return render(request, "identity/refused.html", context, status=403)


def failed(
    request: HttpRequest,
    provider: Any,
    error: str | None = None,
    exception: Exception | None = None,
    extra_context: dict[str, Any] | None = None,
) -> HttpResponse:
    """The exchange itself did not hold. The reason is for the administrator; the page says what to do."""
    row = row_of(provider.app)
    reason = str(exception or (extra_context or {}).get("problem") or error or "unknown")[:500]
    if request.session.get(TESTING) == row.pk and request.user.is_authenticated and may_manage_sign_in(request.user):
        del request.session[TESTING]
        record_test(by=request.user, provider=row, problem=reason)
        return HttpResponseRedirect(reverse("identity:provider", args=[row.pk]))
    note_refused(person=None, why=reason, provider=row)
    return render(request, "identity/failed.html", {"provider": row, "cancelled": error == "cancelled"}, status=401)
