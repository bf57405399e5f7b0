"""The way to an identity provider and back."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from coe_portal.identity import arrivals
from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.oidc.provider import PortalOIDCAdapter, PortalOpenIDConnectProvider
from coe_portal.identity.safe_urls import own_path


@require_POST
@login_not_required
def provider_login(request: HttpRequest, key: str) -> HttpResponse:
    """Sends the browser to the provider: to sign in, or, for somebody who is, to confirm that it is still them."""
    try:
        provider = get_adapter().get_provider(request, key)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    confirm = request.POST.get("process") == arrivals.CONFIRM and request.user.is_authenticated
    if not IdentityProvider.objects.enabled().filter(key=key).exists():
        raise Http404
    return depart(request, provider, arrivals.CONFIRM if confirm else arrivals.SIGN_IN, own_path(request, "next"))


def depart(request: HttpRequest, provider: PortalOpenIDConnectProvider, process: str, back: str) -> HttpResponse:
    try:
        return provider.redirect(request, process, next_url=back, fresh=process == arrivals.CONFIRM)
    except (OAuth2Error, RequestException) as error:
        return arrivals.failed(request, provider, exception=error)


@require_safe
@login_not_required
def oidc_callback(request: HttpRequest, key: str) -> HttpResponse:
    try:
        provider = get_adapter().get_provider(request, key)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    if not isinstance(provider, PortalOpenIDConnectProvider):
        raise Http404
    return OAuth2CallbackView.adapter_view(PortalOIDCAdapter(request, key))(request)  # type: ignore[no-any-return]
