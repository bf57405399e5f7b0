"""What the runs changed, and who is told of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coe_portal.audiences import actions
from coe_portal.audiences.forms.conditions import as_day
from coe_portal.audiences.permissions import seen_by
from coe_portal.audiences.queries.history import runs
from coe_portal.audiences.queries.past import joined_on, left_on
from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key
from coe_portal.people.access import today
from coe_portal.people.models import Audience, AudienceReader, AudienceRun
from coe_portal.people.permissions import may_manage_audiences
from coe_portal.people.queries import department_names


@require_safe
@only(may_manage_audiences)
def changes(request: PortalRequest) -> HttpResponse:
    page = page_by_key(request, runs(), by="at")
    follows = AudienceReader.objects.filter(person=request.user).exists()
    return render(request, "audiences/changes.html", {"page": page, "follows": follows})


@require_safe
@only(may_manage_audiences)
def run(request: PortalRequest, run_id: int) -> HttpResponse:
    shown = get_object_or_404(AudienceRun.objects.select_related("by"), pk=run_id)
    rows = shown.changes.select_related("audience").order_by("audience__name")
    return render(
        request, "audiences/run.html", {"run": shown, "rows": rows, "failed": any(row.failed for row in rows)}
    )


@require_safe
@only(may_manage_audiences)
def day(request: PortalRequest, audience_id: int) -> HttpResponse:
    """The names of those who joined or left on the day in the address."""
    shown = get_object_or_404(Audience, pk=audience_id)
    on = as_day(request.GET.get("day", "")) or today()
    side = "left" if request.GET.get("side") == "left" else "joined"
    people = joined_on(shown, on) if side == "joined" else left_on(shown, on)
    page = page_by_key(request, seen_by(people, request.user, on=on), by="name", ascending=True, size=50)
    departments = department_names([each.pk for each in page.rows], on)
    context = {
        "audience": shown,
        "day": on,
        "side": side,
        "page": page,
        "number": people.count(),
        "rows": [(each, departments.get(each.pk, "")) for each in page.rows],
    }
    return render(request, "audiences/day.html", context)


@require_POST
@only(may_manage_audiences)
def follow(request: PortalRequest) -> HttpResponse:
    wants = request.POST.get("wants") == "yes"
    actions.follow(by=request.user, wants=wants)
    told = _("You will be told each morning when somebody joined or left.")
    messages.success(request, told if wants else _("You will not be told any more."))
    return go(request, "audiences:changes")
