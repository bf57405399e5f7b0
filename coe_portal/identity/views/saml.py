"""Where SAML answers arrive. The POST of another site has no session, so it is carried to a page that has one."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.sessions import LoginSession
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from coe_portal.identity.queries.providers import row_of
from coe_portal.identity.saml.answers import NOT_ASKED_FOR, NotProven, proven
from coe_portal.identity.saml.config import portal_metadata
from coe_portal.identity.saml.provider import PortalSAMLProvider

SESSION = ("saml_acs_session", "saml-acs-session")
LARGEST = 200_000


@csrf_exempt
@login_not_required
@require_POST
def acs(request: HttpRequest, key: str) -> HttpResponse:
    _provider(request, key)
    answer = request.POST.get("SAMLResponse", "")[:LARGEST]
    response = HttpResponseRedirect(reverse("identity:saml_finish", args=[key]))
    carried = LoginSession(request, *SESSION)
    carried.store["answer"] = answer
    carried.store.set_expiry(300)
    carried.save(response)
    return response


@login_not_required
@require_safe
def finish(request: HttpRequest, key: str) -> HttpResponse:
    provider = _provider(request, key)
    carried = LoginSession(request, *SESSION)
    answer = carried.store.get("answer", "")
    carried.delete()
    try:
        auth = proven(row_of(provider.app), answer)
    except NotProven as problem:
        return _failed(request, provider, str(problem))
    login = provider.sociallogin_from_response(request, auth)
    try:
        login.state = provider.unstash_redirect_state(request, auth.get_last_response_in_response_to())
    except PermissionDenied:
        return _failed(request, provider, NOT_ASKED_FOR)
    response: HttpResponse = complete_social_login(request, login)
    return response


@login_not_required
@require_safe
def metadata(request: HttpRequest, key: str) -> HttpResponse:
    """Who we are, for the provider's administrators."""
    provider = _provider(request, key)
    return HttpResponse(portal_metadata(row_of(provider.app)), content_type="application/samlmetadata+xml")


def _provider(request: HttpRequest, key: str) -> PortalSAMLProvider:
    try:
        provider = get_adapter().get_provider(request, key)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    if not isinstance(provider, PortalSAMLProvider):
        raise Http404
    return provider


def _failed(request: HttpRequest, provider: PortalSAMLProvider, problem: str) -> HttpResponse:
    response: HttpResponse = render_authentication_error(request, provider, extra_context={"problem": problem})
    return response
