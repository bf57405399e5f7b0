from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coe_portal.contributions import Obligation
from coe_portal.core.http import PortalRequest, go
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response
from coe_portal.home import actions
from coe_portal.home.queries import Owing, Show, is_overdue, obligations_by_person, people_of_branch, those_who
from coe_portal.people.access import Role
from coe_portal.people.models import Department, PersonQuerySet, User
from coe_portal.people.permissions import may_coordinate
from coe_portal.people.queries import department_names

Owed = dict[int, list[Obligation]]


@require_safe
def departments(request: PortalRequest) -> HttpResponse:
    """The departments somebody coordinates; straight to the only one."""
    reach = request.user.access.branches.get(Role.COORDINATOR, frozenset())
    found = Department.objects.with_tree_fields()
    shown = list(found if reach is None else found.filter(pk__in=reach))
    if not shown:
        raise Http404
    return render(request, "home/departments.html", {"departments": shown})


@require_safe
def department(request: PortalRequest, department_id: int) -> HttpResponse:
    shown, today = _coordinated(request.user, department_id), timezone.localdate()
    everybody = people_of_branch(shown, today)
    owed = obligations_by_person(list(everybody.values_list("pk", flat=True)), today)
    show, text = request.GET.get("show", Show.OWING), request.GET.get("name", "").strip()
    page = page_by_key(request, _filtered(everybody, show, text, owed, today), by="name", ascending=True)
    names = department_names([person.pk for person in page.rows], today)
    context = {
        "department": shown,
        "rows": [Owing(each, names.get(each.pk, ""), owed.get(each.pk, []), today) for each in page.rows],
        "page": page,
        "show": show,
        "text": text,
        "today": today,
        "people": everybody.count(),
        "owing": len(owed),
        "overdue": len(those_who(Show.OVERDUE, owed, today)),
        "query": request.GET.urlencode(),
    }
    return render(request, "home/department.html", context)


@require_safe
def export(request: PortalRequest, department_id: int) -> HttpResponseBase:
    shown, today = _coordinated(request.user, department_id), timezone.localdate()
    people = {person.pk: person for person in people_of_branch(shown, today)}
    owed = obligations_by_person(list(people), today)
    names = department_names(list(people), today)
    header = [_("Name"), _("E-mail"), _("Department"), _("Obligation"), _("Due"), _("Past due")]
    return csv_response(f"open-obligations-{shown.code}", header, _lines(people, owed, names, today))


@require_POST
def remind(request: PortalRequest, department_id: int) -> HttpResponse:
    shown, today = _coordinated(request.user, department_id), timezone.localdate()
    everybody = people_of_branch(shown, today)
    owed = obligations_by_person(list(everybody.values_list("pk", flat=True)), today)
    chosen = those_who(request.POST.get("show", Show.OWING), owed, today)
    actions.remind(by=request.user, department=shown, person_ids=sorted(chosen), on=today)
    told = ngettext("%(n)d person has been reminded.", "%(n)d people have been reminded.", len(chosen))
    messages.success(request, told % {"n": len(chosen)} + " " + _("Nobody gets more than one reminder a day."))
    return go(request, "home:department", shown.pk)


def _coordinated(person: User, department_id: int) -> Department:
    if not may_coordinate(person, department_id):
        raise Http404
    found: Department = get_object_or_404(Department, pk=department_id)
    return found


def _filtered(people: PersonQuerySet, show: str, text: str, owed: Owed, today: date) -> PersonQuerySet:
    chosen = people if show == Show.EVERYBODY else people.filter(pk__in=those_who(show, owed, today))
    return chosen.filter(name__icontains=text) if text else chosen


def _lines(people: dict[int, User], owed: Owed, names: dict[int, str], today: date) -> Iterator[list[object]]:
    for person_id, obligations in owed.items():
        person = people[person_id]
        for each in obligations:
            late = _("yes") if is_overdue(each, today) else _("no")
            yield [person.name, person.email, names.get(person_id, ""), each.title, each.due, late]
