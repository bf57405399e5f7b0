"""Every write to people, their departments and roles."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from coe_portal.people.cache import forget
from coe_portal.people.models import Audience, AudienceMember, Department, Membership, RoleGrant, User
from coe_portal.people.queries import people_matching


@transaction.atomic
def join_department(*, person: User, department: Department, starts: date) -> Membership:
    membership: Membership = Membership.objects.create(person=person, department=department, starts=starts)
    forget([person.pk])
    return membership


@transaction.atomic
def grant_role(
    *, person: User, role: str, starts: date, branch: Department | None = None, ends: date | None = None
) -> RoleGrant:
    grant: RoleGrant = RoleGrant.objects.create(person=person, role=role, branch=branch, starts=starts, ends=ends)
    forget([person.pk])
    return grant


@transaction.atomic
def refresh_audiences(*, on: date, audiences: Iterable[Audience] | None = None) -> None:
    """Evaluate the rules again. Only the people who joined or left an audience are written and forgotten."""
    for audience in audiences if audiences is not None else Audience.objects.all():
        _refresh(audience, on)


def _refresh(audience: Audience, on: date) -> None:
    matching = people_matching(audience, on)
    members = AudienceMember.objects.filter(audience=audience)
    left = list(members.exclude(person__in=matching).values_list("person_id", flat=True))
    members.filter(person_id__in=left).delete()
    joined = list(matching.exclude(pk__in=members.values("person_id")).values_list("pk", flat=True))
    AudienceMember.objects.bulk_create(
        (AudienceMember(audience=audience, person_id=person_id) for person_id in joined),
        batch_size=5_000,
        ignore_conflicts=True,
    )
    forget([*left, *joined])


@transaction.atomic
def deactivate(*, person: User) -> None:
    """A leaver's sessions end at once; the records stay."""
    from allauth.usersessions.models import UserSession

    person.is_active = False
    person.save(update_fields=["is_active"])
    for session in UserSession.objects.filter(user=person):
        session.end()
    AudienceMember.objects.filter(person=person).delete()
