from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from coe_portal.people.access import Role
from coe_portal.people.models import RoleGrant, User
from coe_portal.people.queries.departments import branch_ids


def role_labels(person_ids: Collection[int], on: date) -> dict[int, list[str]]:
    """Per person, their roles of that day in words."""
    found: dict[int, list[str]] = defaultdict(list)
    for grant in RoleGrant.objects.on(on).filter(person_id__in=person_ids).select_related("branch").order_by("pk"):
        where = f" ({grant.branch.name})" if grant.branch else ""
        found[grant.person_id].append(f"{grant.get_role_display()}{where}")
    return dict(found)


def grants_filtered(chosen: Mapping[str, Any], otherwise: date) -> "QuerySet[RoleGrant]":
    """Who has what where on a day; what is missing or empty does not narrow it."""
    day = chosen.get("day") or otherwise
    found = RoleGrant.objects.on(day).select_related("person", "branch", "delegated_from__person")
    if chosen.get("role"):
        found = found.filter(role=chosen["role"])
    if chosen.get("branch"):
        found = found.filter(branch__in=branch_ids([chosen["branch"].pk], day))
    if chosen.get("only") == "delegated":
        found = found.filter(delegated_from__isnull=False)
    return found


def grant_lines(grants: "QuerySet[RoleGrant]") -> Iterator[tuple[object, ...]]:
    """For a file: name, e-mail, role, where, from, until, for whom."""
    for each in grants.order_by("role", "person__name", "pk").iterator(chunk_size=2_000):
        yield (
            each.person.name, each.person.email, str(each.get_role_display()), each.branch.name if each.branch else "",
            each.starts.isoformat(), each.ends.isoformat() if each.ends else "",
            each.delegated_from.person.name if each.delegated_from else "",
        )  # fmt: skip


def delegable_grants(person: User, on: date) -> "QuerySet[RoleGrant]":
    """Roles of somebody that they may hand on for a while."""
    own = RoleGrant.objects.open_on(on).filter(person=person, delegated_from=None)
    return own.exclude(role=Role.ADMINISTRATOR).select_related("branch").order_by("role", "pk")


def delegations_of(person: User, on: date) -> "tuple[list[RoleGrant], list[RoleGrant]]":
    """What somebody has handed on, and what others have handed on to them, as far as it is not over."""
    open_ones = RoleGrant.objects.open_on(on).filter(delegated_from__isnull=False).order_by("starts", "pk")
    given = open_ones.filter(delegated_from__person=person).select_related("person", "branch")
    had = open_ones.filter(person=person).select_related("delegated_from__person", "branch")
    return list(given), list(had)
