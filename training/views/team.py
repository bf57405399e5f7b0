"""Who owes what in a branch: for its coordinator, and for strategists."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coe_portal.core.http import PortalRequest, go
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response, xlsx_response
from training.actions.enrol import allow_another_attempt, withdraw
from training.actions.remind import remind as send_reminders
from training.forms.team import TeamForm
from training.models import Enrolment
from training.permissions import may_enrol_others, may_oversee, people_overseen
from training.queries.outline import outline_of
from training.queries.team import (
    ORDER,
    Filters,
    Show,
    by_department,
    enrolments_overseen,
    export_rows,
    team_rows,
    totals,
    with_names,
)
from training.views.shared import tabs


def _filters_or_404(request: PortalRequest) -> Filters:
    if not may_oversee(request.user):
        raise Http404
    return Filters.from_query(request.POST if request.method == "POST" else request.GET)


@require_safe
def team(request: PortalRequest) -> HttpResponse:
    filters, today = _filters_or_404(request), timezone.localdate()
    found = with_names(enrolments_overseen(request.user, filters, today))
    page = page_by_key(request, found, by=ORDER[filters.show])
    context = {
        "tabs": tabs(request.user, "team"),
        "form": TeamForm(request.user, today, filters.as_query()),
        "filters": filters,
        "query": urlencode(filters.as_query()),
        "page": page,
        "rows": team_rows(page.rows, today),
        "totals": totals(request.user, today),
        "departments": by_department(request.user, filters.course_id, today),
        "may_remind": filters.show != Show.COMPLETED and bool(page.rows),
        "may_enrol": may_enrol_others(request.user),
    }
    return render(request, "training/team.html", context)


@require_safe
def export(request: PortalRequest, form: str) -> HttpResponseBase:
    filters, today = _filters_or_404(request), timezone.localdate()
    header = [_("Person"), _("Department"), _("Course"), _("Reason"), _("Due"), _("Completed"), _("Score in per cent")]
    rows = export_rows(enrolments_overseen(request.user, filters, today), today)
    name = f"training-{filters.show}-{today.isoformat()}"
    return xlsx_response(name, header, rows) if form == "xlsx" else csv_response(name, header, rows)


@require_POST
def remind(request: PortalRequest) -> HttpResponse:
    filters = _filters_or_404(request)
    people = send_reminders(by=request.user, filters=filters, on=timezone.localdate())
    messages.success(
        request,
        ngettext("%(people)s person will be reminded.", "%(people)s people will be reminded.", people)
        % {"people": people},
    )
    return go(request, f"{request.path.removesuffix('remind/')}?{urlencode(filters.as_query())}")


def _enrolment_or_404(request: PortalRequest, enrolment_id: int) -> Enrolment:
    people = people_overseen(request.user, timezone.localdate())
    if not may_oversee(request.user):
        raise Http404
    return get_object_or_404(with_names(Enrolment.objects.seen_by(people)), pk=enrolment_id)


@require_safe
def enrolment(request: PortalRequest, enrolment_id: int) -> HttpResponse:
    """How far one person is: lessons and scores, never single answers."""
    shown = _enrolment_or_404(request, enrolment_id)
    found = outline_of(shown.course.slug)
    done = set(shown.lessons_done.values_list("lesson_slug", flat=True))
    context = {
        "enrolment": shown,
        "lessons": len(found[0].lessons) if found else 0,
        "done": sum(lesson.slug in done for lesson in found[0].lessons) if found else 0,
        "attempts": shown.attempts.submitted().order_by("number"),
        "completion": getattr(shown, "completion", None),
        "may_enrol": may_enrol_others(request.user),
    }
    return render(request, "training/enrolment.html", context)


@require_POST
def allow_attempt(request: PortalRequest, enrolment_id: int) -> HttpResponse:
    shown = _enrolment_or_404(request, enrolment_id)
    if not may_enrol_others(request.user):
        raise Http404
    allow_another_attempt(by=request.user, enrolment=shown)
    messages.success(request, _("%(name)s may try once more, and has been told.") % {"name": shown.person.name})
    return go(request, "training:enrolment", shown.pk)


@require_POST
def end(request: PortalRequest, enrolment_id: int) -> HttpResponse:
    shown = _enrolment_or_404(request, enrolment_id)
    if not may_enrol_others(request.user):
        raise Http404
    withdraw(by=request.user, enrolment=shown, at=timezone.now())
    messages.success(request, _("%(name)s no longer has to take this course.") % {"name": shown.person.name})
    return go(request, "training:enrolment", shown.pk)
