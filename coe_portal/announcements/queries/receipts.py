"""Who has read, who has acknowledged, who has not; for everybody or for the departments of a coordinator."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from coe_portal.announcements.models import Announcement, Cause, Receipt, Sending
from coe_portal.notifications.models import Notification
from coe_portal.people.models import AudienceMember, PersonQuerySet, User
from coe_portal.people.queries import department_names

# People per department of that day; someone in two departments counts in each.
BY_DEPARTMENT = """
    SELECT department.id, department.name, count(*), count(receipt.id), count(receipt.acknowledged_at)
    FROM people_audiencemember AS member
    JOIN people_user AS person ON person.id = member.person_id AND person.is_active
    JOIN people_membership AS belongs ON belongs.person_id = person.id
         AND belongs.starts <= %(on)s AND (belongs.ends IS NULL OR belongs.ends > %(on)s)
    JOIN people_department AS department ON department.id = belongs.department_id
    LEFT JOIN announcements_receipt AS receipt
         ON receipt.person_id = person.id AND receipt.announcement_id = %(announcement)s
    WHERE member.audience_id = %(audience)s AND (%(everywhere)s OR department.id = ANY(%(departments)s::bigint[]))
    GROUP BY department.id, department.name
    ORDER BY count(*) - count(receipt.acknowledged_at) DESC, department.name
"""


class Show(StrEnum):
    MISSING = "missing"
    READ = "read"
    CONFIRMED = "confirmed"
    EVERYBODY = "everybody"


@dataclass(frozen=True)
class Reach:
    """Of an audience, how many have read and how many acknowledged."""

    people: int
    read: int
    acknowledged: int

    @property
    def missing(self) -> int:
        return self.people - self.acknowledged


@dataclass(frozen=True)
class DepartmentReach:
    department_id: int
    name: str
    people: int
    read: int
    acknowledged: int

    @property
    def missing(self) -> int:
        return self.people - self.acknowledged


@dataclass(frozen=True)
class Reader:
    person: User
    department: str
    read_at: datetime | None
    acknowledged_at: datetime | None


def members(announcement: Announcement, branch: Collection[int] | None, on: date) -> PersonQuerySet:
    """The active members of the audience, of these departments or of all."""
    found: PersonQuerySet = User.objects.active().filter(audiences=announcement.audience_id)
    return found if branch is None else found.in_departments(branch, on)


def narrowed(found: PersonQuerySet, announcement: Announcement, show: str, name: str) -> PersonQuerySet:
    mine = Receipt.objects.filter(announcement=announcement, person=OuterRef("pk"))
    if show == Show.MISSING:
        found = found.exclude(Exists(mine.acknowledged()))
    elif show == Show.CONFIRMED:
        found = found.filter(Exists(mine.acknowledged()))
    elif show == Show.READ:
        found = found.filter(Exists(mine)).exclude(Exists(mine.acknowledged()))
    return found.filter(name__icontains=name) if name else found


def recipients(sending: Sending, at: datetime) -> PersonQuerySet:
    """Who is still to be told: the audience of this moment, beyond those reached."""
    on = timezone.localdate(at)
    found = members(sending.announcement, sending.department_ids, on).filter(pk__gt=sending.reached)
    if sending.cause == Cause.REMINDER:
        return narrowed(found, sending.announcement, Show.MISSING, "")
    if sending.cause == Cause.WIDENED:
        found = found.exclude(Exists(Notification.objects.filter(person=OuterRef("pk"), key=sending.told_as)))
    if sending.cause in {Cause.PUBLISHED, Cause.WIDENED}:
        return found.exclude(pk=sending.announcement.author_id)
    return found


def who_has_not(announcement: Announcement) -> PersonQuerySet:
    return narrowed(members(announcement, None, timezone.localdate()), announcement, Show.MISSING, "")


def reach(announcement: Announcement, branch: Collection[int] | None = None) -> Reach:
    people = members(announcement, branch, timezone.localdate()).values("pk")
    receipts = announcement.receipts.filter(person__in=people)
    return Reach(people.count(), receipts.count(), receipts.acknowledged().count())


def reach_by_department(announcement: Announcement, branch: Collection[int] | None, on: date) -> list[DepartmentReach]:
    """The departments with most people missing first; one statement."""
    values: dict[str, Any] = {
        "on": on,
        "announcement": announcement.pk,
        "audience": announcement.audience_id,
        "everywhere": branch is None,
        "departments": sorted(branch or []),
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_DEPARTMENT, values)
        return [DepartmentReach(*row) for row in cursor.fetchall()]


def readers(announcement: Announcement, people: Sequence[User], on: date) -> list[Reader]:
    """A page of people with their receipts; two queries."""
    ids = [person.pk for person in people]
    receipts: Mapping[int, Receipt] = {
        each.person_id: each for each in Receipt.objects.filter(announcement=announcement, person__in=ids)
    }
    names = department_names(ids, on)
    return [_reader(person, names.get(person.pk, ""), receipts.get(person.pk)) for person in people]


def _reader(person: User, department: str, receipt: Receipt | None) -> Reader:
    if receipt is None:
        return Reader(person, department, None, None)
    return Reader(person, department, receipt.read_at, receipt.acknowledged_at)


def all_readers(announcement: Announcement, people: PersonQuerySet, on: date, at_once: int = 2_000) -> Iterator[Reader]:
    """Everybody of a list, for an export, a part at a time."""
    last: tuple[str, int] | None = None
    while True:
        part = people.order_by("name", "pk")
        if last is not None:
            part = part.filter(name__gte=last[0]).exclude(name=last[0], pk__lte=last[1])
        rows = list(part[:at_once])
        yield from readers(announcement, rows, on)
        if len(rows) < at_once:
            return
        last = rows[-1].name, rows[-1].pk


def audience_size(announcement: Announcement) -> int:
    found = AudienceMember.objects.filter(audience_id=announcement.audience_id, person__is_active=True)
    return found.count()
