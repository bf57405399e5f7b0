"""Reads over people and departments; each takes many and makes a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coe_portal.people.access import Access, Role
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
    for role in {granted for granted, _branch in grants}:
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


@dataclass(frozen=True)
class AudienceRow:
    """An audience, its rule in words and how many people it hits."""

    audience: Audience
    rule: str
    people: int


def people_filtered(chosen: Mapping[str, Any], on: date) -> PersonQuerySet:
    """The people of the administrator's list; what is missing or empty does not narrow it."""
    found: PersonQuerySet = User.objects.all()
    if chosen.get("state") != "all":
        found = found.filter(is_active=chosen.get("state") != "left")
    if chosen.get("text"):
        found = found.filter(Q(name__icontains=chosen["text"]) | Q(email__icontains=chosen["text"]))
    if chosen.get("role"):
        found = found.with_role(chosen["role"], on=on)
    if chosen.get("department"):
        found = found.in_departments(branch_ids([chosen["department"].pk]), on)
    return found


def role_labels(person_ids: Collection[int], on: date) -> dict[int, list[str]]:
    """Per person, their roles of that day in words."""
    found: dict[int, list[str]] = defaultdict(list)
    for grant in RoleGrant.objects.on(on).filter(person_id__in=person_ids).select_related("branch").order_by("pk"):
        where = f" ({grant.branch.name})" if grant.branch else ""
        found[grant.person_id].append(f"{grant.get_role_display()}{where}")
    return dict(found)


def audience_rows() -> list[AudienceRow]:
    sizes = dict(Audience.objects.annotate(number=Count("people")).values_list("pk", "number"))
    found = Audience.objects.prefetch_related("branches").order_by("-is_everyone", "name")
    return [AudienceRow(each, rule_in_words(each), sizes[each.pk]) for each in found]


def rule_in_words(audience: Audience) -> str:
    """All parts must hold; within a part any does."""
    kinds, roles = dict(User.Kind.choices), dict(Role.choices)
    parts = [
        [str(kinds.get(kind, kind)) for kind in audience.kinds],
        [str(roles.get(role, role)) for role in audience.roles],
        [branch.name for branch in audience.branches.all()],
    ]
    joined = [_(" or ").join(part) for part in parts if part]
    return _("; and ").join(joined) if joined else _("Every active person")


def password_link(person: User) -> str:
    """A link that lets the person choose a password once."""
    where = [user_pk_to_url_str(person), default_token_generator.make_token(person)]
    return settings.PUBLIC_URL + reverse("account_reset_password_from_key", args=where)
