from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coe_portal.core.http import PortalRequest, only
from coe_portal.home.health import health
from coe_portal.home.permissions import sees_administration
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import Department, User
from coe_portal.people.permissions import may_administer


@require_safe
@only(sees_administration)
def administration(request: PortalRequest) -> HttpResponse:
    context: dict[str, object] = {"may_administer": may_administer(request.user)}
    if context["may_administer"]:
        context |= {
            "people": User.objects.active().count(),
            "departments": Department.objects.count(),
            "parked": QueuedJob.objects.parked().count(),
            "missing": [part for part, state in health().items() if state != "ok"],
        }
    return render(request, "home/administration.html", context)
