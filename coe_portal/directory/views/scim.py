"""The address that identity providers talk to, and the page that tells an administrator how to set one up."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coe_portal.core.http import PortalRequest, only
from coe_portal.directory.contributions import SCIM
from coe_portal.directory.models import ProvidedPerson
from coe_portal.directory.scim.service import answer, refusal
from coe_portal.people.permissions import may_administer
from coe_portal.tokens.access import TokenRequest, token_required
from coe_portal.tokens.models import AccessToken


@token_required(SCIM, refusal)
def endpoint(request: TokenRequest, path: str = "") -> HttpResponseBase:
    return answer(request, path)


@require_safe
@only(may_administer)
def setup(request: PortalRequest) -> HttpResponse:
    tokens = AccessToken.objects.usable(timezone.now()).with_scope(SCIM).select_related("owner").order_by("pk")
    context = {
        "address": f"{settings.PUBLIC_URL}/scim/v2",
        "tokens": tokens,
        "last_used": max((token.last_used_at for token in tokens if token.last_used_at), default=None),
        "provided": ProvidedPerson.objects.filter(deleted_at=None).count(),
    }
    return render(request, "directory/scim.html", context)
