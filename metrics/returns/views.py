from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coe_portal.core.http import PortalRequest
from coe_portal.core.paging import page_by_key
from metrics.access import branch_in_words, only
from metrics.periods import Period, period_asked
from metrics.returns.charts import roi_chart, worth_chart
from metrics.returns.models import Activity, Assumption, Campaign, OutcomeCount, OutcomeValue
from metrics.returns.permissions import (
    can_decide_for_all,
    can_record_for,
    can_record_returns,
    can_see_returns,
    recorded_by,
    returns_of,
)
from metrics.returns.queries import Report, assumptions_in_force, report, values_in_force
from metrics.returns.words import left_out, problem_in_words


def asked(request: PortalRequest) -> Period:
    return period_asked(request.GET, timezone.localdate())


def _report(request: PortalRequest) -> Report:
    return report(asked(request), returns_of(request.user))


def _branch(request: PortalRequest) -> str:
    return branch_in_words(returns_of(request.user))


def _changeable(request: PortalRequest, shown: Sequence[Activity]) -> set[int]:
    found = Activity.objects.of(recorded_by(request.user)).filter(pk__in=[each.pk for each in shown])
    return set(found.values_list("pk", flat=True))


@require_safe
@only(can_see_returns)
def returns(request: PortalRequest) -> HttpResponse:
    found = _report(request)
    context = {
        "report": found,
        "branch": _branch(request),
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
    found = _report(request)
    values = values_in_force(found.period.end)
    context: dict[str, Any] = {
        "report": found,
        "branch": _branch(request),
        "problem": problem_in_words(found.returned),
        "left_out": left_out(found.returned),
        "outcomes": [(row, values.get(row.kind)) for row in found.outcomes],
        "assumptions": assumptions_in_force(found.period.end).values(),
    }
    return render(request, "metrics/returns/formula.html", context)


@require_safe
@only(can_see_returns)
def campaign(request: PortalRequest, campaign_id: int) -> HttpResponse:
    campaigns = Campaign.objects.of(returns_of(request.user)).select_related("department", "recorded_by")
    shown = get_object_or_404(campaigns, pk=campaign_id)
    done = list(shown.activities.all())
    context = {
        "campaign": shown,
        "activities": done,
        "changeable": _changeable(request, done),
        "outcomes": shown.outcomes.current().order_by("-month", "kind", "rule"),
        "may_record": can_record_for(request.user, shown.department_id),
    }
    return render(request, "metrics/returns/campaign.html", context)


@require_safe
@only(can_see_returns)
def activities(request: PortalRequest) -> HttpResponse:
    rows = Activity.objects.of(returns_of(request.user)).select_related("campaign", "recorded_by")
    page = page_by_key(request, rows, by="day")
    context = {
        "page": page,
        "branch": _branch(request),
        "changeable": _changeable(request, page.rows),
        "may_record": can_record_returns(request.user),
    }
    return render(request, "metrics/returns/activities.html", context)


@require_safe
@only(can_see_returns)
def outcomes(request: PortalRequest) -> HttpResponse:
    """Corrections included: what a count replaced stays in the list, marked."""
    rows = OutcomeCount.objects.of(returns_of(request.user)).select_related("campaign", "recorded_by")
    page = page_by_key(request, rows, by="month")
    context = {"page": page, "branch": _branch(request), "may_record": can_record_returns(request.user)}
    return render(request, "metrics/returns/outcomes.html", context)


@require_safe
@only(can_see_returns)
def values(request: PortalRequest) -> HttpResponse:
    rows = OutcomeValue.objects.select_related("recorded_by")
    context = {"values": rows, "title": _("What outcomes are worth"), "may_record": can_decide_for_all(request.user)}
    return render(request, "metrics/returns/values.html", context)


@require_safe
@only(can_see_returns)
def assumptions(request: PortalRequest) -> HttpResponse:
    rows = Assumption.objects.select_related("recorded_by")
    context = {"assumptions": rows, "may_record": can_decide_for_all(request.user)}
    return render(request, "metrics/returns/assumptions.html", context)
