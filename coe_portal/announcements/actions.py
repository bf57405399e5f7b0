"""Every write to announcements."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from coe_portal.announcements.models import Announcement, Receipt, State
from coe_portal.announcements.permissions import can_become, can_edit, may_announce
from coe_portal.audit import actions as audit
from coe_portal.core import markdown, versions
from coe_portal.core.text import first_words
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import AudienceMember, User
from coe_portal.search import actions as search

KIND = "announcement"


class WrongState(Exception):
    """The announcement is in a state in which this cannot be done."""


@transaction.atomic
def save(*, by: User, announcement: Announcement, fields: Mapping[str, Any]) -> Announcement:
    """Create a draft or change an announcement; a published one changes for its readers at once."""
    if announcement.pk and not can_edit(announcement):
        raise WrongState
    verb = "announcement.changed" if announcement.pk else "announcement.drafted"
    for name, value in fields.items():
        setattr(announcement, name, value)
    announcement.html = markdown.render(announcement.text)
    announcement.lead = first_words(announcement.html, 280)
    if not announcement.pk:
        announcement.author = by
    announcement.save()
    audit.record(by=by, verb=verb, on=announcement)
    _follow_up(announcement)
    return announcement


@transaction.atomic
def publish(*, by: User, announcement: Announcement, at: datetime) -> None:
    locked = _locked(announcement, State.PUBLISHED)
    _publish(by, locked, at)


@transaction.atomic
def schedule(*, by: User, announcement: Announcement) -> None:
    """To be published at its `publish_at` by a job, in the name of the person who schedules it."""
    locked = _locked(announcement, State.SCHEDULED)
    if locked.publish_at is None:
        raise WrongState
    locked.state = State.SCHEDULED
    locked.author = by
    locked.save(update_fields=["state", "author", "changed_at"])
    audit.record(by=by, verb="announcement.scheduled", on=locked, details={"for": locked.publish_at.isoformat()})
    queue_publishing(locked)


@transaction.atomic
def unschedule(*, by: User, announcement: Announcement) -> None:
    locked = _locked(announcement, State.DRAFT)
    locked.state = State.DRAFT
    locked.save(update_fields=["state", "changed_at"])
    audit.record(by=by, verb="announcement.unscheduled", on=locked)


@transaction.atomic
def publish_scheduled(*, announcement_id: int, at: datetime) -> None:
    """What the job does when the time has come. Whoever scheduled it must still be allowed to announce."""
    due = Announcement.objects.filter(state=State.SCHEDULED, publish_at__lte=at, pk=announcement_id)
    announcement = due.select_for_update(of=["self"]).select_related("author").first()
    if announcement is None:
        return
    if may_announce(announcement.author):
        _publish(announcement.author, announcement, at)
        return
    announcement.state = State.DRAFT
    announcement.save(update_fields=["state", "changed_at"])
    audit.record(by=None, verb="announcement.schedule_refused", on=announcement)


@transaction.atomic
def withdraw(*, by: User, announcement: Announcement) -> None:
    """No reader sees it any more; its receipts stay."""
    locked = _locked(announcement, State.WITHDRAWN)
    locked.state = State.WITHDRAWN
    locked.save(update_fields=["state", "changed_at"])
    audit.record(by=by, verb="announcement.withdrawn", on=locked)
    search.refresh(KIND, [locked.pk])
    versions.bump("announcements")


@transaction.atomic
def mark_read(*, by: User, announcement_ids: Collection[int], at: datetime) -> None:
    Receipt.objects.bulk_create(
        [Receipt(announcement_id=each, person=by, read_at=at) for each in announcement_ids], ignore_conflicts=True
    )
    versions.bump(f"person:{by.pk}")


@transaction.atomic
def acknowledge(*, by: User, announcement: Announcement, at: datetime) -> Receipt:
    """Once; a second time changes nothing and returns the first receipt."""
    mark_read(by=by, announcement_ids=[announcement.pk], at=at)
    receipt = Receipt.objects.select_for_update().get(announcement=announcement, person=by)
    if receipt.acknowledged_at is None:
        receipt.acknowledged_at = at
        receipt.save(update_fields=["acknowledged_at"])
        audit.record(by=by, verb="announcement.acknowledged", on=announcement)
    return receipt


@transaction.atomic
def tell_audience(*, announcement_id: int) -> None:
    """The job after publishing. The audience is the one of this moment; a person is told once."""
    announcement = Announcement.objects.published().filter(pk=announcement_id).first()
    if announcement is None:
        return
    members = AudienceMember.objects.filter(audience_id=announcement.audience_id, person__is_active=True)
    notify(
        person_ids=list(members.exclude(person_id=announcement.author_id).values_list("person_id", flat=True)),
        kind=KIND,
        subject=announcement.title,
        url=announcement.get_absolute_url(),
        key=f"announcement:{announcement.pk}",
    )


@transaction.atomic
def note_expiry(*, announcement_id: int) -> None:
    """The job at the end of an announcement's time: it leaves the search and the home pages."""
    search.refresh(KIND, [announcement_id])
    versions.bump("announcements")


def _publish(by: User, announcement: Announcement, at: datetime) -> None:
    announcement.state = State.PUBLISHED
    announcement.published_at = at
    announcement.save(update_fields=["state", "published_at", "changed_at"])
    audit.record(by=by, verb="announcement.published", on=announcement, details={"audience": announcement.audience_id})
    enqueue(
        "announcements.tell_audience",
        {"announcement_id": announcement.pk},
        key=f"announcements.tell_audience:{announcement.pk}",
    )
    _follow_up(announcement)


def _follow_up(announcement: Announcement) -> None:
    if announcement.state == State.SCHEDULED:
        queue_publishing(announcement)
    if announcement.state != State.PUBLISHED:
        return
    search.refresh(KIND, [announcement.pk])
    versions.bump("announcements")
    if announcement.expires_at:
        enqueue(
            "announcements.note_expiry",
            {"announcement_id": announcement.pk},
            key=f"announcements.note_expiry:{announcement.pk}:{announcement.expires_at.isoformat()}",
            due=announcement.expires_at,
        )


def queue_publishing(announcement: Announcement) -> None:
    """A job a time: moved to another time, the earlier job finds nothing due."""
    assert announcement.publish_at is not None  # noqa: S101 - a constraint of the table
    enqueue(
        "announcements.publish",
        {"announcement_id": announcement.pk},
        key=f"announcements.publish:{announcement.pk}:{announcement.publish_at.isoformat()}",
        due=announcement.publish_at,
    )


def _locked(announcement: Announcement, becomes: State) -> Announcement:
    """The row as it is now, held until the end; of two people who press at once the second is refused."""
    locked = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if not can_become(locked, becomes):
        raise WrongState
    return locked
