"""Invitations: who was asked in, and what became of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only, recently_authenticated
from coe_portal.core.paging import page_by_key
from coe_portal.identity.actions import invitations as actions
from coe_portal.identity.forms.invitations import InvitationForm
from coe_portal.identity.models import Invitation
from coe_portal.identity.permissions import may_invite, may_invite_with_roles
from coe_portal.identity.queries.invitations import rows


@require_safe
@only(may_invite)
def invitations(request: PortalRequest) -> HttpResponse:
    found = Invitation.objects.visible_to(request.user).select_related("department", "branch", "invited_by")
    page = page_by_key(request, found, by="invited_at")
    return render(
        request, "identity/invitations.html", {"page": page, "rows": rows(page.rows, timezone.now())}
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_invite)
@recently_authenticated()
def invite(request: PortalRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, with_roles=may_invite_with_roles(request.user))
    if request.method == "POST" and form.is_valid():
        invitation = actions.invite(by=request.user, **form.cleaned_data)
        text = _("The invitation for %(name)s is on its way. The link works for three days.")
        messages.success(request, text % {"name": invitation.name})
        return go(request, "identity:invitations")
    return render(request, "identity/invite.html", {"form": form})


@require_POST
@only(may_invite)
def send_again(request: PortalRequest, invitation_id: int) -> HttpResponse:
    found = Invitation.objects.visible_to(request.user).open()
    invitation = get_object_or_404(found, pk=invitation_id)
    actions.send_again(by=request.user, invitation=invitation)
    messages.success(request, _("A new link is on its way. The old one stops working."))
    return go(request, "identity:invitations")


@require_POST
@only(may_invite)
def withdraw(request: PortalRequest, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user).open(), pk=invitation_id)
    actions.revoke(by=request.user, invitations=[invitation])
    messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return go(request, "identity:invitations")
