from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coe_portal.core.http import PortalRequest
from coe_portal.core.paging import page_by_key
from metrics.access import only
from metrics.periods import Period, period_asked
from metrics.returns.charts import roi_chart, worth_chart
from metrics.returns.models import Activity, Assumption, Campaign, OutcomeCount, OutcomeValue
from metrics.returns.permissions import can_record_returns, can_see_returns
from metrics.returns.queries import assumptions_in_force, report, values_in_force
from metrics.returns.words import left_out, problem_in_words


def asked(request: PortalRequest) -> Period:
    return period_asked(request.GET, timezone.localdate())


@require_safe
@only(can_see_returns)
def returns(request: PortalRequest) -> HttpResponse:
    found = report(asked(request))
    context = {
        "report": found,
        "problem": problem_in_words(found.returned),
        "left_out": left_out(found.returned),
        "roi": roi_chart(found),
        "worth": worth_chart(found),
        "may_record": can_record_returns(request.user),
    }
    return render(request, "metrics/returns/index.html", context)


@require_safe
@only(can_see_returns)
def formula(request: PortalRequest) -> HttpResponse:
    """Everything behind the figure: the formula with its numbers, each value and each assumption with its date."""
    found = report(asked(request))
    values = values_in_force(found.period.end)
    context: dict[str, Any] = {
        "report": found,
        "problem": problem_in_words(found.returned),
        "left_out": left_out(found.returned),
        "outcomes": [(row, values.get(row.kind)) for row in found.outcomes],
        "assumptions": assumptions_in_force(found.period.end).values(),
    }
    return render(request, "metrics/returns/formula.html", context)


@require_safe
@only(can_see_returns)
def campaign(request: PortalRequest, campaign_id: int) -> HttpResponse:
    shown = get_object_or_404(Campaign.objects.select_related("department", "recorded_by"), pk=campaign_id)
    context = {
        "campaign": shown,
        "activities": shown.activities.all(),
        "outcomes": shown.outcomes.current().order_by("-month", "kind", "rule"),
        "may_record": can_record_returns(request.user),
    }
    return render(request, "metrics/returns/campaign.html", context)


@require_safe
@only(can_see_returns)
def activities(request: PortalRequest) -> HttpResponse:
    page = page_by_key(request, Activity.objects.select_related("campaign", "recorded_by"), by="day")
    context = {"page": page, "may_record": can_record_returns(request.user)}
    return render(request, "metrics/returns/activities.html", context)


@require_safe
@only(can_see_returns)
def outcomes(request: PortalRequest) -> HttpResponse:
    """Corrections included: what a count replaced stays in the list, marked."""
    page = page_by_key(request, OutcomeCount.objects.select_related("campaign", "recorded_by"), by="month")
    context = {"page": page, "may_record": can_record_returns(request.user)}
    return render(request, "metrics/returns/outcomes.html", context)


@require_safe
@only(can_see_returns)
def values(request: PortalRequest) -> HttpResponse:
    rows = OutcomeValue.objects.select_related("recorded_by")
    context = {"values": rows, "title": _("What outcomes are worth"), "may_record": can_record_returns(request.user)}
    return render(request, "metrics/returns/values.html", context)


@require_safe
@only(can_see_returns)
def assumptions(request: PortalRequest) -> HttpResponse:
    rows = Assumption.objects.select_related("recorded_by")
    context = {"assumptions": rows, "may_record": can_record_returns(request.user)}
    return render(request, "metrics/returns/assumptions.html", context)
