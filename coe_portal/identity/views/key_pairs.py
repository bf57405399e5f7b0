"""Our key pair at a SAML provider, made and removed on the provider's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coe_portal.core.http import PortalRequest, go, only, recently_authenticated
from coe_portal.identity.actions import key_pairs as actions
from coe_portal.identity.models import IdentityProvider, KeyPair
from coe_portal.identity.permissions import may_manage_sign_in


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def make_key_pair(request: PortalRequest, provider_id: int) -> HttpResponse:
    provider = get_object_or_404(IdentityProvider, pk=provider_id, kind=IdentityProvider.Kind.SAML)
    try:
        actions.make(by=request.user, provider=provider, at=timezone.now())
    except actions.CannotChange:
        messages.error(request, _("There are two key pairs already. Remove the old one first."))
    else:
        messages.success(
            request, _("The key pair is made. Now give the provider our metadata, which holds its certificate.")
        )
    return go(request, "identity:provider", provider.pk)


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def remove_key_pair(request: PortalRequest, pair_id: int) -> HttpResponse:
    pair = get_object_or_404(KeyPair.objects.select_related("provider"), pk=pair_id)
    try:
        actions.remove(by=request.user, pair=pair)
    except actions.CannotChange:
        messages.error(
            request, _("It is the only one, and this provider is set to encrypted assertions or signed requests.")
        )
    else:
        messages.success(
            request, _("The key pair is removed. Make a test now: it shows whether the provider has noticed.")
        )
    return go(request, "identity:provider", pair.provider_id)
