"""Reads over announcements and their receipts."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils import timezone

from coe_portal.announcements.models import Announcement, Receipt
from coe_portal.contributions import Document
from coe_portal.core.text import plain
from coe_portal.people.models import Audience, AudienceMember, User


@dataclass(frozen=True)
class Row:
    announcement: Announcement
    is_unread: bool
    is_to_acknowledge: bool


@dataclass(frozen=True)
class Duty:
    """A person has not acknowledged a must-read announcement of theirs."""

    person_id: int
    announcement: Announcement


@dataclass(frozen=True)
class Reach:
    """Of an audience, how many have read and how many acknowledged."""

    people: int
    read: int
    acknowledged: int


def rows(announcements: Sequence[Announcement], person: User) -> list[Row]:
    receipts = {
        receipt.announcement_id: receipt
        for receipt in Receipt.objects.filter(person=person, announcement__in=[each.pk for each in announcements])
    }
    return [_row(each, receipts.get(each.pk)) for each in announcements]


def _row(announcement: Announcement, receipt: Receipt | None) -> Row:
    acknowledged = receipt is not None and receipt.acknowledged_at is not None
    return Row(announcement, receipt is None, announcement.must_read and not acknowledged)


def newest(person: User, at: datetime, number: int) -> list[Row]:
    found = Announcement.objects.current(at).visible_to(person).order_by("-is_pinned", "-published_at")
    return rows(list(found[:number]), person)


def open_duties(person_ids: Collection[int], at: datetime) -> Iterator[Duty]:
    """Who of these people has not acknowledged which must-read announcement; three queries, however many people."""
    announcements = {each.pk: each for each in Announcement.objects.to_acknowledge(at).order_by("due_on", "pk")}
    if not announcements:
        return
    done = set(
        Receipt.objects.acknowledged()
        .filter(announcement__in=announcements, person__in=person_ids)
        .values_list("announcement_id", "person_id")
    )
    members = AudienceMember.objects.filter(
        person_id__in=person_ids, audience_id__in={each.audience_id for each in announcements.values()}
    )
    audiences: dict[int, list[int]] = {}
    for audience_id, person_id in members.values_list("audience_id", "person_id"):
        audiences.setdefault(audience_id, []).append(person_id)
    for announcement in announcements.values():
        for person_id in audiences.get(announcement.audience_id, []):
            if (announcement.pk, person_id) not in done:
                yield Duty(person_id, announcement)


def reach(announcement: Announcement) -> Reach:
    members = AudienceMember.objects.filter(audience_id=announcement.audience_id)
    receipts = announcement.receipts.filter(person__in=members.values("person_id"))
    return Reach(members.count(), receipts.count(), receipts.acknowledged().count())


def who_has_not(announcement: Announcement) -> QuerySet[User]:
    """The members of the audience who have not acknowledged, in order of name."""
    done = announcement.receipts.acknowledged().values("person_id")
    found: QuerySet[User] = User.objects.active().filter(audiences=announcement.audience_id).exclude(pk__in=done)
    return found


def audiences_with_sizes() -> QuerySet[Audience]:
    found: QuerySet[Audience] = Audience.objects.annotate(number=Count("people")).order_by("-is_everyone", "name")
    return found


def documents(ids: Collection[int] | None) -> Iterator[Document]:
    found = Announcement.objects.current(timezone.now())
    for each in found if ids is None else found.filter(pk__in=ids):
        yield Document(
            kind="announcement",
            object_id=each.pk,
            title=each.title,
            lead=each.lead,
            body=plain(each.html),
            url=each.get_absolute_url(),
            audience_id=each.audience_id,
            changed_at=each.published_at or each.changed_at,
        )
