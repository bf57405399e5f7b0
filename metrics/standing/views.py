from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coe_portal.core.fragments import fragment
from coe_portal.core.http import PortalRequest, go
from coe_portal.core.versions import read
from metrics.access import only
from metrics.standing import actions
from metrics.standing.charts import answered_chart, history_chart
from metrics.standing.forms import ComparatorForm, RatingForm, RoundForm
from metrics.standing.models import Comparator, Round
from metrics.standing.observed import observed
from metrics.standing.owyang import BY_KEY, MODELS
from metrics.standing.permissions import can_lead_standing, can_see_standing
from metrics.standing.queries import RoundResult, open_round_for, results
from metrics.standing.statements import BY_KEY as STATEMENTS

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@only(can_see_standing)
def standing(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    lead = can_lead_standing(request.user)
    body = fragment(
        "metrics/standing/_index.html", [read(actions.VERSION, "channels"), today, lead], lambda: _index(lead)
    )
    context = {"body": body, "waiting": open_round_for(request.user, today), "lead": lead}
    return render(request, "metrics/standing/index.html", context)


def _index(lead: bool) -> dict[str, Any]:  # noqa: FBT001 - named where it is called
    rounds = list(Round.objects.all()[:6])
    found = [result for result in results(rounds) if result.raters]
    return {
        "models": MODELS,
        "result": found[0] if found else None,
        "chart": answered_chart(found[0], _previous(found)) if found else None,
        "leading": BY_KEY.get(found[0].everybody.leading or "") if found else None,
        "earlier": found[1:],
        "observed": observed(timezone.localdate()),
        "history": history_chart(),
        "comparators": _comparators(),
        "lead": lead,
    }


def _previous(found: list[RoundResult]) -> RoundResult | None:
    return found[1] if len(found) > 1 else None


def _comparators() -> list[tuple[Comparator, Any, Any]]:
    return [(each, BY_KEY.get(each.model), BY_KEY.get(each.moving_to)) for each in Comparator.objects.all()]


@require_safe
@only(can_see_standing)
def standing_round(request: PortalRequest, round_id: int) -> HttpResponse:
    shown = get_object_or_404(Round, pk=round_id)
    before = Round.objects.filter(opens__lt=shown.opens).first()
    found = results([shown, *([before] if before else [])])
    result = found[0]
    context = {
        "round": shown,
        "result": result,
        "chart": answered_chart(result, found[1] if len(found) > 1 and found[1].raters else None)
        if result.raters
        else None,
        "disagreements": [(STATEMENTS[each.statement], each) for each in result.disagreements],
    }
    return render(request, "metrics/standing/round.html", context)


@form_page
@only(can_see_standing)
def standing_answer(request: PortalRequest, round_id: int) -> HttpResponse:
    round_ = get_object_or_404(Round.objects.open_on(timezone.localdate()), pk=round_id)
    form = RatingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.rate(by=request.user, round_=round_, answers=form.answers(), at=timezone.now())
        messages.success(request, _("Thank you. Your answers are kept with today's date."))
        return go(request, "metrics:standing_round", round_.pk)
    return render(request, "metrics/standing/answer.html", {"form": form, "round": round_})


@form_page
@only(can_lead_standing)
def standing_open(request: PortalRequest) -> HttpResponse:
    form = RoundForm(request.POST or None, initial={"opens": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        round_ = actions.open_round(by=request.user, round_=form.save(commit=False))
        messages.success(request, _("The round is set up. Raters find it on this page and on their home page."))
        return go(request, "metrics:standing_round", round_.pk)
    title, lead = _("Open a round"), _("Executives, strategists and coordinators are asked; once a year is enough.")
    return render(
        request, "metrics/form.html", {"form": form, "title": title, "lead": lead, "back": "metrics:standing"}
    )


@form_page
@only(can_lead_standing)
def comparator_add(request: PortalRequest) -> HttpResponse:
    form = ComparatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_comparator(by=request.user, comparator=form.save(commit=False))
        return go(request, "metrics:standing")
    title = _("Add an organisation to study")
    return render(request, "metrics/form.html", {"form": form, "title": title, "back": "metrics:standing"})


@form_page
@only(can_lead_standing)
def comparator_change(request: PortalRequest, comparator_id: int) -> HttpResponse:
    comparator = get_object_or_404(Comparator, pk=comparator_id)
    form = ComparatorForm(request.POST or None, instance=comparator)
    if request.method == "POST" and form.is_valid():
        changed = {name: form.initial[name] for name in form.changed_data}
        actions.change_comparator(by=request.user, comparator=form.save(commit=False), changed=changed)
        return go(request, "metrics:standing")
    title = _("Change %(name)s") % {"name": comparator.name}
    return render(request, "metrics/form.html", {"form": form, "title": title, "back": "metrics:standing"})
