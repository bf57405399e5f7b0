"""Who has signed: counts for strategists, names of those who have not for a coordinator's own branch."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coe_portal.core.http import PortalRequest
from coe_portal.core.spreadsheets import csv_response, xlsx_response
from coe_portal.people.access import Role
from coe_portal.people.models import PersonQuerySet, User
from coe_portal.people.queries import branch_ids, department_names
from policies.models import Policy, Version
from policies.permissions import can_export_signatures, can_see_signatures
from policies.queries.signatures import EVIDENCE, by_department, evidence, not_signed, reach_of, totals

PAGE = 50
RESPONSES = {"csv": csv_response, "xlsx": xlsx_response}


@require_safe
def signatures(request: PortalRequest, slug: str) -> HttpResponse:
    policy = get_object_or_404(Policy.objects.visible_to(request.user), slug=slug)
    if not can_see_signatures(request.user) or not policy.must_acknowledge:
        raise Http404
    version = get_object_or_404(Version.objects.published().select_related("policy"), policy=policy)
    today = timezone.localdate()
    reach = reach_of(request.user)
    rows = by_department(version, reach, today)
    chosen = next((row for row in rows if str(row.department_id) == request.GET.get("department")), None)
    departments = _within(reach, chosen.department_id) if chosen else reach
    people, after = _page(not_signed(version, departments, today), request.GET.get("after", ""))
    asked, signed = totals(version, reach, today)
    context = {
        "policy": policy,
        "version": version,
        "rows": rows,
        "chosen": chosen,
        "open_rows": _open_rows(people, today),
        "next_url": _url(request, after) if after else "",
        "first_url": _url(request, "") if "after" in request.GET else "",
        "asked": asked,
        "signed": signed,
        "open": asked - signed,
        "final": Version.objects.final().filter(policy=policy).newest_first(),
        "can_export": can_export_signatures(request.user),
        "is_branch": reach is not None,
    }
    return render(request, "policies/signatures.html", context)


@dataclass(frozen=True)
class OpenRow:
    name: str
    job_title: str
    department: str


def _open_rows(people: list[User], on: date) -> list[OpenRow]:
    departments = department_names([each.pk for each in people], on)
    return [OpenRow(each.name, each.job_title, departments.get(each.pk, "")) for each in people]


def _page(people: PersonQuerySet, after: str) -> tuple[list[User], str]:
    """In the order of names, from the one after "name~id"; and the key of the page that follows, if there is one."""
    name, _tilde, last_id = after.rpartition("~")
    if name and last_id.isdecimal() and len(last_id) < 19:
        people = people.filter(Q(name__gt=name) | Q(name=name, pk__gt=int(last_id)))
    rows = list(people.order_by("name", "pk")[: PAGE + 1])
    more = len(rows) > PAGE
    shown = rows[:PAGE]
    return shown, f"{shown[-1].name}~{shown[-1].pk}" if more else ""


def _url(request: PortalRequest, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"{request.path}?{query.urlencode()}#open"


def _within(reach: frozenset[int] | None, department_id: int) -> frozenset[int]:
    branch = branch_ids([department_id])
    return branch if reach is None else branch & reach


@require_safe
def export(request: PortalRequest, slug: str, number: str, kind: str) -> HttpResponseBase:
    """The evidence of every acknowledgement of one version by the people in reach."""
    major, _dot, minor = number.partition(".")
    if (
        not can_export_signatures(request.user)
        or kind not in RESPONSES
        or not (major.isdecimal() and minor.isdecimal())
    ):
        raise Http404
    versions = Version.objects.final().filter(policy__in=Policy.objects.visible_to(request.user))
    version = get_object_or_404(versions, policy__slug=slug, major=int(major[:5]), minor=int(minor[:5]))
    rows = evidence(version, request.user.access.reach(Role.STRATEGIST), timezone.localdate())
    return RESPONSES[kind](f"{slug}-{version.number}-signatures", EVIDENCE, rows)
