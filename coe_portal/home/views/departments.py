from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coe_portal.contributions import obligation_labels
from coe_portal.core.http import PortalRequest, go
from coe_portal.core.spreadsheets import csv_response, xlsx_response
from coe_portal.home.branch import (
    SHOW_LABELS,
    SORT_LABELS,
    Branch,
    Filters,
    chosen_ids,
    departments_below,
    ids_to_remind,
    read_page,
    read_rows,
)
from coe_portal.home.queries import is_overdue
from coe_portal.home.reminding import AT_ONCE, remind_later
from coe_portal.people.access import Role
from coe_portal.people.cache import batched
from coe_portal.people.models import Department, User
from coe_portal.people.permissions import may_coordinate
from coe_portal.reminders import actions
from coe_portal.reminders.queries import overdue_of_reports, reminded_on


@require_safe
def departments(request: PortalRequest) -> HttpResponse:
    """The departments somebody coordinates."""
    reach = request.user.access.branches.get(Role.COORDINATOR, frozenset())
    found = Department.objects.with_tree_fields()
    shown = list(found if reach is None else found.filter(pk__in=reach))
    if not shown:
        raise Http404
    return render(request, "home/departments.html", {"departments": shown})


@require_safe
def department(request: PortalRequest, department_id: int) -> HttpResponse:
    branch = _branch(request.user, department_id, request.GET)
    page = read_page(branch, request.GET.get("after", ""))
    context = {
        "department": branch.department,
        "branch": page.counts,
        "filters": branch.filters,
        "page": page,
        "is_later_page": "after" in request.GET,
        "below": departments_below(branch.department),
        "kinds": page.counts.kinds,
        "shows": SHOW_LABELS.items(),
        "sorts": SORT_LABELS.items(),
        "today": branch.today,
    }
    return render(request, "home/department.html", context)


@require_safe
def export(request: PortalRequest, department_id: int) -> HttpResponseBase:
    """What the filter shows, a line an obligation, some people at a time."""
    branch = _branch(request.user, department_id, request.GET)
    who = [_("Name"), _("E-mail"), _("Department")]
    header = [*who, _("Kind"), _("Obligation"), _("Due"), _("Past due"), _("Last reminded")]
    answer = xlsx_response if request.GET.get("form") == "xlsx" else csv_response
    return answer(f"open-obligations-{branch.department.code}", header, _lines(branch))


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: PortalRequest, department_id: int) -> HttpResponse:
    """First how many people it reaches, then the button."""
    asked = request.POST if request.method == "POST" else request.GET
    branch = _branch(request.user, department_id, asked)
    picked = _ticked(asked)
    ids = [each for each in ids_to_remind(branch) if picked is None or each in picked]
    if request.method == "POST":
        messages.success(request, _reminded(request.user, branch, ids))
        return go(request, "home:department", branch.department.pk)
    context = {
        "department": branch.department,
        "filters": branch.filters,
        "people": len(ids),
        "already": len(reminded_on(branch.today).intersection(ids)),
        "picked": sorted(picked or []),
        "nobody_ticked": picked == set(),
        "names": [each.person.name for each in read_rows(branch, ids[:10])],
    }
    return render(request, "home/remind.html", context)


def _reminded(person: User, branch: Branch, ids: list[int]) -> str:
    """What is too much for one answer is done by a job; it asks anew who owes something."""
    once = _("Nobody gets more than one reminder a day.")
    if len(ids) > AT_ONCE:
        remind_later(by=person, branch=branch)
        text = ngettext("%(n)s person is being reminded.", "%(n)s people are being reminded.", len(ids))
        return text % {"n": intcomma(len(ids))} + " " + once
    told = actions.remind_people(
        by=person, department=branch.department, person_ids=ids, on=branch.today, at=timezone.now()
    )
    text = ngettext("%(n)s person has been reminded.", "%(n)s people have been reminded.", told)
    return text % {"n": intcomma(told)} + " " + once


@require_safe
def team(request: PortalRequest) -> HttpResponse:
    """What a manager is told by name: mandatory and past due, nothing else."""
    today = timezone.localdate()
    found = overdue_of_reports(request.user, today)
    if not found:
        raise Http404
    late = [(person, owed) for person, owed in found.items() if owed]
    return render(request, "home/team.html", {"late": late, "people": len(found), "today": today})


def _ticked(asked: QueryDict) -> set[int] | None:
    """None where all that the filter shows are meant."""
    if not asked.get("chosen"):
        return None
    return {int(each) for each in asked.getlist("person") if each.isdecimal() and len(each) < 19}


def _branch(person: User, department_id: int, asked: QueryDict) -> Branch:
    if not may_coordinate(person, department_id):
        raise Http404
    found: Department = get_object_or_404(Department, pk=department_id)
    return Branch(found, timezone.localdate(), Filters.read(asked))


def _lines(branch: Branch) -> Iterator[list[object]]:
    labels = obligation_labels()
    for some in batched(chosen_ids(branch), AT_ONCE):
        for row in read_rows(branch, some):
            day: date | None = timezone.localdate(row.reminded) if row.reminded else None
            for each in row.obligations:
                late = _("yes") if is_overdue(each, branch.today) else _("no")
                kind = str(labels.get(each.kind, each.kind))
                who = [row.person.name, row.person.email, row.department]
                yield [*who, kind, each.title, each.due, late, day]
