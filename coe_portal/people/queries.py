"""Reads over people and departments; each takes many and makes a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone

from coe_portal.people.access import Access
from coe_portal.people.models import Audience, AudienceMember, Department, Membership, PersonQuerySet, RoleGrant, User


def branch_ids(roots: Iterable[int]) -> frozenset[int]:
    """The departments of these branches, roots included. A cycle cannot make it run for ever."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for department_id, parent_id in Department.objects.values_list("pk", "parent_id"):
        children[parent_id].append(department_id)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        department_id = waiting.pop()
        if department_id not in found:
            found.add(department_id)
            waiting.extend(children[department_id])
    return frozenset(found)


def access_of(person: User, on: date) -> Access:
    grants = list(RoleGrant.objects.on(on).filter(person=person).values_list("role", "branch_id"))
    branches: dict[str, frozenset[int] | None] = {}
    for role in {role for role, _ in grants}:
        roots = [branch for granted, branch in grants if granted == role]
        branches[role] = None if None in roots else branch_ids(roots)
    return Access(
        branches=branches,
        department_ids=frozenset(
            Membership.objects.on(on).filter(person=person).values_list("department_id", flat=True)
        ),
        audience_ids=frozenset(AudienceMember.objects.filter(person=person).values_list("audience_id", flat=True)),
    )


def access_today(person: User) -> Access:
    return access_of(person, timezone.localdate())


def department_names(person_ids: Collection[int], on: date) -> dict[int, str]:
    """Per person, the name of one department they belong to that day."""
    rows = Membership.objects.on(on).filter(person_id__in=person_ids).order_by("-starts")
    return dict(rows.values_list("person_id", "department__name"))


def people_matching(audience: Audience, on: date) -> PersonQuerySet:
    """Whom the rule hits that day."""
    rule = Q()
    branches = list(audience.branches.values_list("pk", flat=True))
    if branches:
        members = Membership.objects.on(on).filter(department_id__in=branch_ids(branches))
        rule &= Q(pk__in=members.values("person_id"))
    if audience.roles:
        granted = RoleGrant.objects.on(on).filter(role__in=audience.roles)
        rule &= Q(pk__in=granted.values("person_id"))
    if audience.kinds:
        rule &= Q(kind__in=audience.kinds)
    return User.objects.active().filter(rule)  # type: ignore[no-any-return]
