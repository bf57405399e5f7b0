from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from coe_portal.contributions import ToolGroup, has_tools, tools
from coe_portal.core.http import PortalRequest, only
from coe_portal.home.health import PART_LABELS, can_rewrite_its_trail, health
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.permissions import may_administer

LABELS = {
    ToolGroup.PEOPLE: _("People and audiences"),
    ToolGroup.SIGN_IN: _("Signing in"),
    ToolGroup.MESSAGES: _("Messages and search"),
    ToolGroup.RECORDS: _("Records and privacy"),
    ToolGroup.RUNNING: _("Whether it runs"),
}


@require_safe
@only(has_tools)
def administration(request: PortalRequest) -> HttpResponse:
    groups = [(group, LABELS[group], found) for group, found in tools(request.user).items()]
    context: dict[str, object] = {"groups": groups}
    if may_administer(request.user):
        context |= {
            "parked": QueuedJob.objects.parked().count(),
            "rewrites_trail": can_rewrite_its_trail(),
            "missing": [PART_LABELS[part] for part, state in health().items() if state != "ok"],
        }
    return render(request, "home/administration.html", context)
