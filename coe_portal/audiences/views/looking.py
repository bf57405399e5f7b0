"""The list of audiences, one of them, who is in it and was, and how it came to be."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coe_portal.audiences import actions
from coe_portal.audiences.forms.naming import DayForm
from coe_portal.audiences.permissions import may_change, may_look_back, may_see_members, seen_by
from coe_portal.audiences.queries.history import versions_of
from coe_portal.audiences.queries.past import departments_above, departments_reached, members_on, person_on
from coe_portal.contributions import audience_uses
from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response, xlsx_response
from coe_portal.people.access import today
from coe_portal.people.actions import delete_audience
from coe_portal.people.models import Audience, AudienceChange, AudienceReader, EarlierAudience, PersonQuerySet, User
from coe_portal.people.permissions import may_manage_audiences
from coe_portal.people.queries import audience_in_words, audience_rows, department_names
from coe_portal.people.rules import RuleError


@require_safe
@only(may_manage_audiences)
def index(request: PortalRequest) -> HttpResponse:
    rows = audience_rows()
    uses: dict[int, int] = {}
    for use in audience_uses([row.audience.pk for row in rows], None, request.user):
        uses[use.audience_id] = uses.get(use.audience_id, 0) + 1
    context = {
        "rows": [(row, uses.get(row.audience.pk, 0)) for row in rows],
        "follows": AudienceReader.objects.filter(person=request.user).exists(),
    }
    return render(request, "audiences/index.html", context)


@require_safe
@only(may_see_members)
def audience(request: PortalRequest, audience_id: int) -> HttpResponse:
    shown = get_object_or_404(Audience.objects.with_sizes().select_related("made_by"), pk=audience_id)
    changes = AudienceChange.objects.filter(audience=shown).select_related("run__by").order_by("-run__at")[:10]
    context = {
        "audience": shown,
        "words": audience_in_words(shown),
        "uses": audience_uses([shown.pk], None, request.user),
        "versions": versions_of(shown),
        "changes": changes,
        "may_change": may_change(request.user, shown),
    }
    return render(request, "audiences/audience.html", context)


@require_safe
@only(may_see_members)
def members(request: PortalRequest, audience_id: int) -> HttpResponse:
    shown = get_object_or_404(Audience, pk=audience_id)
    form = DayForm(request.GET)
    day, search = form.chosen(today())
    found = _members(request, shown, day, search)
    page = page_by_key(request, found, by="name", ascending=True, size=50)
    departments = department_names([each.pk for each in page.rows], day)
    context = {
        "audience": shown,
        "form": form if request.GET else DayForm(initial={"day": day}),
        "day": day,
        "page": page,
        "rows": [(each, departments.get(each.pk, "")) for each in page.rows],
        "number": members_on(shown, day).count(),
        "query": request.GET.urlencode(),
    }
    return render(request, "audiences/members.html", context)


@require_safe
@only(may_see_members)
def export(request: PortalRequest, audience_id: int) -> HttpResponseBase:
    shown = get_object_or_404(Audience, pk=audience_id)
    day, search = DayForm(request.GET).chosen(today())
    found = _members(request, shown, day, search).order_by("name", "pk")
    labels = dict(User.Kind.choices)
    lines = (
        (name, email, str(labels.get(kind, kind)), title)
        for name, email, kind, title in found.values_list("name", "email", "kind", "job_title").iterator(2_000)
    )
    header = [_("Name"), _("E-mail"), _("Kind of employee"), _("Job title")]
    name = f"audience-{shown.pk}-{day.isoformat()}"
    actions.note_export(by=request.user, audience=shown, day=day)
    return (
        xlsx_response(name, header, lines) if request.GET.get("form") == "xlsx" else csv_response(name, header, lines)
    )


def _members(request: PortalRequest, shown: Audience, day: date, search: str) -> PersonQuerySet:
    found = seen_by(members_on(shown, day), request.user, on=day)
    return found.filter(Q(name__icontains=search) | Q(email__icontains=search)) if search else found


@require_POST
@only(may_manage_audiences)
def delete(request: PortalRequest, audience_id: int) -> HttpResponse:
    shown = get_object_or_404(Audience, pk=audience_id)
    if not may_change(request.user, shown):
        raise PermissionDenied
    try:
        delete_audience(by=request.user, audience=shown)
    except RuleError as error:
        messages.error(request, str(error))
    except ProtectedError as error:
        messages.error(request, _why_kept(error))
    else:
        messages.success(request, _("The audience is deleted."))
        return go(request, "audiences:index")
    return go(request, "audiences:audience", audience_id)


def _why_kept(error: ProtectedError) -> str:
    if all(isinstance(each, EarlierAudience) for each in error.protected_objects):
        return _("Something was for this audience once. It is kept, so that who could see it can be told for ever.")
    return _("Something is still for this audience. Give it another one first.")


@require_safe
@only(may_look_back)
def person_on_day(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User, pk=person_id)
    form = DayForm(request.GET)
    day, _search = form.chosen(today())
    found = person_on(shown, day, request.user)
    context = {
        "shown": shown,
        "form": form if request.GET else DayForm(initial={"day": day}),
        "day": day,
        "is_future": day > today(),
        "found": found,
        "paths": departments_above(found.memberships, day),
        "reached": departments_reached(found.grants, day),
    }
    return render(request, "audiences/person_on_day.html", context)
