"""Who was in which audience on a day, and what was theirs through it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from coe_portal.contributions import AudienceUse, Held, audience_uses, held_on
from coe_portal.people.models import (
    Audience,
    AudienceMember,
    Department,
    Membership,
    PastMember,
    PersonQuerySet,
    RoleGrant,
    User,
)
from coe_portal.people.queries import branch_ids, parents_on, upwards


@dataclass(frozen=True)
class AudienceOn:
    """An audience that a person was in on a day, since when, and what was for it."""

    audience: Audience
    since: date
    until: date | None
    uses: Sequence[AudienceUse]


@dataclass(frozen=True)
class PersonOn:
    """What was somebody's on one day."""

    memberships: Sequence[Membership]
    grants: Sequence[RoleGrant]
    audiences: Sequence[AudienceOn]
    held: Sequence[Held]


def members_on(audience: Audience, day: date) -> PersonQuerySet:
    now = AudienceMember.objects.filter(audience=audience, joined_on__lte=day)
    then = PastMember.objects.on(day).filter(audience=audience)
    found: PersonQuerySet = User.objects.filter(Q(pk__in=now.values("person_id")) | Q(pk__in=then.values("person_id")))
    return found


def joined_on(audience: Audience, day: date) -> PersonQuerySet:
    now = AudienceMember.objects.filter(audience=audience, joined_on=day)
    then = PastMember.objects.filter(audience=audience, joined_on=day)
    found: PersonQuerySet = User.objects.filter(Q(pk__in=now.values("person_id")) | Q(pk__in=then.values("person_id")))
    return found


def left_on(audience: Audience, day: date) -> PersonQuerySet:
    gone = PastMember.objects.filter(audience=audience, left_on=day)
    found: PersonQuerySet = User.objects.filter(pk__in=gone.values("person_id"))
    return found


def person_on(person: User, day: date, reader: User) -> PersonOn:
    """By the days of the organisation, wherever the reader is."""
    with timezone.override(timezone.get_default_timezone()):
        return _person_on(person, day, reader)


def _person_on(person: User, day: date, reader: User) -> PersonOn:
    stays = _stays(person, day)
    uses: dict[int, list[AudienceUse]] = {}
    for use in audience_uses(list(stays), day, reader):
        uses.setdefault(use.audience_id, []).append(use)
    grants = RoleGrant.objects.on(day).filter(person=person).select_related("branch", "delegated_from__person")
    return PersonOn(
        memberships=list(Membership.objects.on(day).filter(person=person).select_related("department")),
        grants=list(grants.order_by("role", "pk")),
        audiences=[
            AudienceOn(each, *stays[each.pk], uses.get(each.pk, [])) for each in Audience.objects.filter(pk__in=stays)
        ],
        held=held_on(person, day),
    )


def _stays(person: User, day: date) -> dict[int, tuple[date, date | None]]:
    """Per audience of that day, since when and until when."""
    then = PastMember.objects.on(day).filter(person=person).values_list("audience_id", "joined_on", "left_on")
    now = AudienceMember.objects.filter(person=person, joined_on__lte=day).values_list("audience_id", "joined_on")
    stays: dict[int, tuple[date, date | None]] = {pk: (since, until) for pk, since, until in then}
    return stays | {pk: (since, None) for pk, since in now}


def departments_above(memberships: Sequence[Membership], day: date) -> dict[int, str]:
    """Per department of these, the names from the root down to it, as the tree was that day."""
    names, parents = dict(Department.objects.values_list("pk", "name")), parents_on(day)
    above = {each.department_id: reversed(upwards(each.department_id, parents)) for each in memberships}
    return {pk: " / ".join(names[each] for each in path) for pk, path in above.items()}


def departments_reached(grants: Sequence[RoleGrant], day: date) -> dict[int, list[str]]:
    """Per role that is for a branch, the departments that were in it that day."""
    branches = {each.pk: each.branch_id for each in grants if each.branch_id is not None}
    names = dict(Department.objects.values_list("pk", "name")) if branches else {}
    return {pk: sorted(names[below] for below in branch_ids([branch], day)) for pk, branch in branches.items()}
