from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.fragments import fragment
from coe_portal.core.http import PortalRequest, go
from coe_portal.core.versions import read
from coe_portal.people.access import Role
from metrics.access import only, reach_key
from metrics.executive import actions
from metrics.executive.forms import AskForm, DecisionForm
from metrics.executive.models import Ask, Snapshot
from metrics.executive.pdf import as_pdf
from metrics.executive.permissions import can_ask, can_decide, can_seal, can_see_executive, can_see_sealed
from metrics.executive.queries import Sealed, figures_to_seal, page, sealed_months
from metrics.periods import Period, ending, period_asked
from metrics.returns.charts import roi_chart, worth_chart
from metrics.returns.permissions import recorded_by, returns_of
from metrics.returns.words import left_out, problem_in_words

QUARTER = 3
VERSIONS = ("metrics", "metrics.returns", "metrics.executive", "metrics.events", "channels")


def _asked(request: PortalRequest) -> Period:
    return period_asked(request.GET, timezone.localdate(), QUARTER)


@require_safe
@only(can_see_executive)
def executive(request: PortalRequest) -> HttpResponse:
    """Other parts of the portal count in measurements, too, and change without us: so the day is part of the key."""
    period = _asked(request)
    key = [read(*VERSIONS), period.query, timezone.localdate(), *_rights(request)]
    body = fragment("metrics/executive/_page.html", key, lambda: _context(request, period))
    return render(request, "metrics/executive/page.html", {"body": body, "period": period, **_may(request)})


def _may(request: PortalRequest) -> dict[str, bool]:
    return {"may_ask": can_ask(request.user), "may_seal": can_seal(request.user)}


def _rights(request: PortalRequest) -> list[object]:
    """Two readers with the same ones are shown the same."""
    access = request.user.access
    return [
        request.user.is_executive,
        request.user.is_strategist,
        reach_key(returns_of(request.user), access.reach(Role.EXECUTIVE)),
    ]


def _asks(request: PortalRequest) -> list[Ask]:
    found = Ask.objects.of(returns_of(request.user)).select_related("asked_by", "decided_by", "department")
    return list(found)


def _sealed(request: PortalRequest) -> list[Sealed]:
    return sealed_months() if can_see_sealed(request.user) else []


def _context(request: PortalRequest, period: Period) -> dict[str, Any]:
    found, asks = page(period, returns_of(request.user)), _asks(request)
    return {
        "page": found,
        "report": found.report,
        "problem": problem_in_words(found.report.returned),
        "left_out": left_out(found.report.returned),
        "roi": roi_chart(found.report),
        "worth": worth_chart(found.report),
        "open_asks": [each for each in asks if not each.decision],
        "decided_asks": [each for each in asks if each.decision],
        "sealed": _sealed(request),
        "may_see_sealed": can_see_sealed(request.user),
        "decidable": [each.pk for each in asks if request.user.access.reaches(Role.EXECUTIVE, each.department_id)],
        "may_seal": can_seal(request.user),
        "last_month": ending(period.end, 1),
    }


@require_safe
@only(can_see_executive)
def executive_pdf(request: PortalRequest) -> HttpResponse:
    period = _asked(request)
    body = as_pdf(page(period, returns_of(request.user)), _asks(request), _sealed(request), at=timezone.now())
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="social-media-{period.start:%Y-%m}-{period.end:%Y-%m}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@only(can_ask)
def ask_add(request: PortalRequest) -> HttpResponse:
    form = AskForm(request.POST or None, reach=recorded_by(request.user))
    if request.method == "POST" and form.is_valid():
        actions.ask(by=request.user, ask=form.save(commit=False), on=timezone.localdate())
        messages.success(request, _("Executives find it on this page, and are told."))
        return go(request, "metrics:executive")
    context = {"form": form, "title": _("Ask executives"), "back": "metrics:executive"}
    return render(request, "metrics/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(can_see_executive)
def ask_decide(request: PortalRequest, ask_id: int) -> HttpResponse:
    ask = get_object_or_404(Ask.objects.of(returns_of(request.user)), pk=ask_id)
    if not can_decide(request.user, ask):
        raise Http404
    form = DecisionForm(request.POST or None, initial={"decision": request.GET.get("decision")})
    if request.method == "POST" and form.is_valid():
        decision, reason = Ask.Decision(form.cleaned_data["decision"]), form.cleaned_data["reason"]
        actions.decide(by=request.user, ask_id=ask.pk, decision=decision, reason=reason, at=timezone.now())
        messages.success(request, _("Your decision is kept, with its reason."))
        return go(request, "metrics:executive")
    context = {"form": form, "title": ask.title, "lead": ask.reason, "back": "metrics:executive"}
    return render(request, "metrics/form.html", {**context, "submit": _("Decide")})


@require_POST
@only(can_seal)
def seal(request: PortalRequest) -> HttpResponse:
    """The last month that is over."""
    month = period_asked({}, timezone.localdate(), 1).start
    if Snapshot.objects.filter(month=month).exists():
        messages.info(request, _("This month is sealed already."))
    else:
        actions.seal(by=request.user, month=month, figures=figures_to_seal(month), at=timezone.now())
        messages.success(request, _("The month is sealed as it stands."))
    return go(request, "metrics:executive")
