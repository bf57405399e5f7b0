"""Every write to people, their departments and roles."""

from collections.abc import Collection, Iterable
from datetime import date

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from coe_portal.people.cache import forget
from coe_portal.people.facts import tell
from coe_portal.people.models import Audience, AudienceMember, Department, Membership, PersonQuerySet, RoleGrant, User
from coe_portal.people.queries import people_matching


@transaction.atomic
def add_person(
    *,
    by: User | None,
    email: str,
    name: str,
    on: date,
    job_title: str = "",
    kind: str = User.Kind.OFFICE,
    department: Department | None = None,
) -> User:
    """Somebody who sets a password through the link that is sent or printed for them."""
    person: User = User.objects.create_user(email=email, name=name, job_title=job_title, kind=kind, hired_on=on)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    tell(by=by, verb="person.added", on=person)
    if department:
        join_department(by=by, person=person, department=department, starts=on)
    _changed(person)
    return person


@transaction.atomic
def update_settings(*, by: User, language: str, time_zone: str) -> None:
    """A person's own choice of language and time zone."""
    by.language, by.time_zone = language, time_zone
    by.save(update_fields=["language", "time_zone"])


@transaction.atomic
def add_department(*, by: User, name: str, code: str, parent: Department | None, location: str = "") -> Department:
    department: Department = Department.objects.create(name=name, code=code, parent=parent, location=location)
    tell(by=by, verb="department.added", on=department, details={"parent": parent.pk if parent else None})
    return department


@transaction.atomic
def join_department(*, by: User | None, person: User, department: Department, starts: date) -> Membership:
    membership: Membership = Membership.objects.create(person=person, department=department, starts=starts)
    tell(
        by=by, verb="person.joined_department", on=person,
        details={"department": department.pk, "starts": starts.isoformat()},
    )  # fmt: skip
    _changed(person)
    return membership


@transaction.atomic
def leave_department(*, by: User, membership: Membership, on: date) -> None:
    _end(membership, on)
    tell(
        by=by, verb="person.left_department", on=membership.person,
        details={"department": membership.department_id, "on": on.isoformat()},
    )  # fmt: skip
    _changed(membership.person)


@transaction.atomic
def grant_role(
    *,
    by: User | None,
    person: User,
    role: str,
    starts: date,
    branch: Department | None = None,
    ends: date | None = None,
) -> RoleGrant:
    grant: RoleGrant = RoleGrant.objects.create(person=person, role=role, branch=branch, starts=starts, ends=ends)
    tell(
        by=by, verb="role.granted", on=person,
        details={"role": role, "branch": branch.pk if branch else None, "starts": starts.isoformat()},
    )  # fmt: skip
    _changed(person)
    return grant


@transaction.atomic
def end_role(*, by: User, grant: RoleGrant, on: date) -> None:
    _end(grant, on)
    tell(
        by=by, verb="role.ended", on=grant.person,
        details={"role": grant.role, "branch": grant.branch_id, "on": on.isoformat()},
    )  # fmt: skip
    _changed(grant.person)


@transaction.atomic
def deactivate(*, by: User | None, person: User) -> None:
    """A leaver's sessions end at once; the records stay."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    tell(by=by, verb="person.deactivated", on=person)
    AudienceMember.objects.filter(person=person).delete()
    transaction.on_commit(lambda: end_sessions(person))


@transaction.atomic
def reactivate(*, by: User, person: User) -> None:
    person.is_active = True
    person.save(update_fields=["is_active"])
    tell(by=by, verb="person.reactivated", on=person)
    _changed(person)


def end_sessions(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()


@transaction.atomic
def save_audience(*, by: User, audience: Audience, branches: Collection[Department], on: date) -> Audience:
    """A new or changed rule, evaluated at once."""
    verb = "audience.changed" if audience.pk else "audience.added"
    audience.save()
    audience.branches.set(branches)
    tell(by=by, verb=verb, on=audience)
    refresh_audiences(on=on, audiences=[audience])
    return audience


@transaction.atomic
def refresh_audiences(*, on: date, audiences: Iterable[Audience] | None = None) -> None:
    """Evaluate the rules again. Only the people who joined or left an audience are written and forgotten."""
    for audience in audiences if audiences is not None else Audience.objects.all():
        _refresh(audience, people_matching(audience, on), AudienceMember.objects.filter(audience=audience))


def _refresh(audience: Audience, matching: PersonQuerySet, members: QuerySet[AudienceMember]) -> None:
    left = list(members.exclude(person__in=matching).values_list("person_id", flat=True))
    members.filter(person_id__in=left).delete()
    joined = list(matching.exclude(pk__in=members.values("person_id")).values_list("pk", flat=True))
    AudienceMember.objects.bulk_create(
        (AudienceMember(audience=audience, person_id=person_id) for person_id in joined),
        batch_size=5_000,
        ignore_conflicts=True,
    )
    forget([*left, *joined])


def _end(dated: Membership | RoleGrant, on: date) -> None:
    """Over from that day. What would end before it began never counted; the audit trail alone remembers it."""
    if on <= dated.starts:
        dated.delete()
        return
    dated.ends = on
    dated.save(update_fields=["ends"])


def _changed(person: User) -> None:
    """Audiences are rules over departments and roles, so a change of either may move somebody in or out."""
    for audience in Audience.objects.all():
        matching = people_matching(audience, timezone.localdate()).filter(pk=person.pk)
        _refresh(audience, matching, AudienceMember.objects.filter(audience=audience, person=person))
    forget([person.pk])
