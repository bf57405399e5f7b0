"""Pages on which strategists enter campaigns, costs, outcomes, values, assumptions and goals."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coe_portal.core.http import PortalRequest, go
from metrics.access import only
from metrics.collection.dictionary import ENTRIES
from metrics.returns import actions
from metrics.returns.forms import (
    ActivityForm,
    AssumptionForm,
    CampaignForm,
    GoalForm,
    OutcomeFileForm,
    OutcomeForm,
    TargetForm,
    ValueForm,
)
from metrics.returns.imports import COLUMNS, Parsed, parse
from metrics.returns.models import Activity, Campaign, Goal, GoalTarget
from metrics.returns.permissions import can_decide_for_all, can_record_returns, recorded_by

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _form(request: PortalRequest, form: Any, title: str, back: str, lead: str = "") -> HttpResponse:
    return render(request, "metrics/form.html", {"form": form, "title": title, "back": back, "lead": lead})


def _changed(form: Any) -> dict[str, Any]:
    return {name: form.initial.get(name) for name in form.changed_data}


@form_page
@only(can_record_returns)
def campaign_add(request: PortalRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None, reach=recorded_by(request.user))
    if request.method == "POST" and form.is_valid():
        return go(request, actions.add_campaign(by=request.user, campaign=form.save(commit=False)))
    return _form(request, form, _("Add a campaign"), "metrics:returns")


@form_page
@only(can_record_returns)
def campaign_change(request: PortalRequest, campaign_id: int) -> HttpResponse:
    reach = recorded_by(request.user)
    found = get_object_or_404(Campaign.objects.of(reach), pk=campaign_id)
    form = CampaignForm(request.POST or None, instance=found, reach=reach)
    if request.method == "POST" and form.is_valid():
        campaign = form.save(commit=False)
        return go(request, actions.change_campaign(by=request.user, campaign=campaign, changed=_changed(form)))
    return _form(request, form, _("Change the campaign"), "metrics:returns")


@form_page
@only(can_record_returns)
def activity_add(request: PortalRequest) -> HttpResponse:
    initial = {"day": timezone.localdate(), "campaign": request.GET.get("campaign")}
    form = ActivityForm(request.POST or None, initial=initial, reach=recorded_by(request.user))
    if request.method == "POST" and form.is_valid():
        actions.add_activity(by=request.user, activity=form.save(commit=False))
        messages.success(request, _("The activity is entered."))
        return go(request, "metrics:activities")
    return _form(
        request, form, _("Add an activity"), "metrics:activities", _("Work and money that went into something.")
    )


@form_page
@only(can_record_returns)
def activity_change(request: PortalRequest, activity_id: int) -> HttpResponse:
    reach = recorded_by(request.user)
    found = get_object_or_404(Activity.objects.of(reach), pk=activity_id)
    form = ActivityForm(request.POST or None, instance=found, reach=reach)
    if request.method == "POST" and form.is_valid():
        actions.change_activity(by=request.user, activity=form.save(commit=False), changed=_changed(form))
        return go(request, "metrics:activities")
    return _form(request, form, _("Change the activity"), "metrics:activities")


@form_page
@only(can_record_returns)
def outcome_add(request: PortalRequest) -> HttpResponse:
    form = OutcomeForm(request.POST or None, today=timezone.localdate(), reach=recorded_by(request.user))
    if request.method == "POST" and form.is_valid():
        written = actions.count_outcomes(by=request.user, counts=[form.save(commit=False)])
        messages.success(request, _("The number is entered.") if written else _("This number was there already."))
        return go(request, "metrics:outcomes")
    lead = _("Totals of a month only. A number for the same month, campaign and outcome corrects the earlier one.")
    return _form(request, form, _("Enter outcomes"), "metrics:outcomes", lead)


@form_page
@only(can_record_returns)
def outcome_import(request: PortalRequest) -> HttpResponse:
    """The first step checks the file and shows what it would do; the second takes the checked text."""
    form = OutcomeFileForm(request.POST or None, request.FILES or None)
    parsed: Parsed | None = None
    if request.method == "POST" and form.is_valid():
        typed, reach = form.cleaned_data, recorded_by(request.user)
        parsed = parse(typed["text"], typed["rule"], timezone.localdate(), reach)
        if "take" in request.POST and parsed.counts and not parsed.problems:
            return _take(request, parsed)
        form = OutcomeFileForm(initial=form.cleaned_data)
    context = {"form": form, "parsed": parsed, "columns": ", ".join(COLUMNS)}
    return render(request, "metrics/returns/import.html", context)


def _take(request: PortalRequest, parsed: Parsed) -> HttpResponse:
    written = actions.count_outcomes(by=request.user, counts=parsed.counts)
    said = ngettext("%(count)d number is new or corrected.", "%(count)d numbers are new or corrected.", written)
    messages.success(request, said % {"count": written})
    return go(request, "metrics:outcomes")


@form_page
@only(can_decide_for_all)
def value_add(request: PortalRequest) -> HttpResponse:
    form = ValueForm(request.POST or None, initial={"starts": timezone.localdate().replace(day=1)})
    if request.method == "POST" and form.is_valid():
        actions.agree_value(by=request.user, value=form.save(commit=False))
        return go(request, "metrics:values")
    lead = _("From its first month on, the new value counts; earlier months keep the value they had.")
    return _form(request, form, _("Enter what finance agreed"), "metrics:values", lead)


@form_page
@only(can_decide_for_all)
def assumption_add(request: PortalRequest) -> HttpResponse:
    form = AssumptionForm(request.POST or None, initial={"starts": timezone.localdate().replace(day=1)})
    if request.method == "POST" and form.is_valid():
        actions.decide_assumption(by=request.user, assumption=form.save(commit=False))
        return go(request, "metrics:assumptions")
    return _form(request, form, _("Decide an assumption"), "metrics:assumptions")


@form_page
@only(can_record_returns)
def goal_add(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    metrics = [(entry.key, _(entry.label)) for entry in ENTRIES]
    form = GoalForm(request.POST or None, metrics=metrics, reach=recorded_by(request.user))
    if request.method == "POST" and form.is_valid():
        target = GoalTarget(value=form.cleaned_data["target"], due=form.cleaned_data["due"], set_on=today)
        actions.set_goal(by=request.user, goal=form.save(commit=False), target=target)
        return go(request, "metrics:index")
    return _form(request, form, _("Set a goal"), "metrics:index")


@form_page
@only(can_record_returns)
def target_move(request: PortalRequest, goal_id: int) -> HttpResponse:
    goal = get_object_or_404(Goal.objects.of(recorded_by(request.user)), pk=goal_id, closed_on__isnull=True)
    form = TargetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        target = form.save(commit=False)
        target.goal, target.set_on = goal, timezone.localdate()
        actions.move_target(by=request.user, target=target)
        return go(request, "metrics:index")
    return _form(request, form, _("Move the target of: %(goal)s") % {"goal": goal.title}, "metrics:index")
