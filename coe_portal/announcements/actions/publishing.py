"""Publish now or later, take back, take down."""

from datetime import datetime

from django.db import transaction

from coe_portal.announcements.actions import sending
from coe_portal.announcements.actions.common import (
    KIND,
    WrongState,
    follow_up,
    locked,
    note_edition,
    queue_publishing,
)
from coe_portal.announcements.models import Announcement, State
from coe_portal.announcements.permissions import may_announce
from coe_portal.audit import actions as audit
from coe_portal.core import versions
from coe_portal.people.models import User
from coe_portal.search import actions as search

__all__ = ["note_expiry", "publish", "publish_scheduled", "queue_publishing", "schedule", "unschedule", "withdraw"]


@transaction.atomic
def publish(*, by: User, announcement: Announcement, at: datetime) -> None:
    found = locked(announcement, State.PUBLISHED)
    _publish(by, found, at)


@transaction.atomic
def schedule(*, by: User, announcement: Announcement) -> None:
    """To be published at its `publish_at` by a job, in the name of the person who schedules it."""
    found = locked(announcement, State.SCHEDULED)
    if found.publish_at is None:
        raise WrongState
    found.state = State.SCHEDULED
    found.author = by
    found.save(update_fields=["state", "author", "changed_at"])
    audit.record(by=by, verb="announcement.scheduled", on=found, details={"for": found.publish_at.isoformat()})
    queue_publishing(found)


@transaction.atomic
def unschedule(*, by: User, announcement: Announcement) -> None:
    found = locked(announcement, State.DRAFT)
    found.state = State.DRAFT
    found.save(update_fields=["state", "changed_at"])
    audit.record(by=by, verb="announcement.unscheduled", on=found)


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
    """No reader sees it or hears of it any more; its receipts stay."""
    found = locked(announcement, State.WITHDRAWN)
    found.state = State.WITHDRAWN
    found.save(update_fields=["state", "changed_at"])
    audit.record(by=by, verb="announcement.withdrawn", on=found)
    sending.take_back(found)
    search.refresh(KIND, [found.pk])
    versions.bump("announcements")


@transaction.atomic
def note_expiry(*, announcement_id: int) -> None:
    """The job at the end of an announcement's time: it leaves the search and the home pages."""
    search.refresh(KIND, [announcement_id])
    versions.bump("announcements")


def _publish(by: User, announcement: Announcement, at: datetime) -> None:
    announcement.state = State.PUBLISHED
    announcement.published_at = at
    announcement.save(update_fields=["state", "published_at", "changed_at"])
    note_edition(announcement, by=by, at=at)
    audit.record(by=by, verb="announcement.published", on=announcement, details={"audience": announcement.audience_id})
    sending.tell_of_publishing(by=by, announcement=announcement, at=at)
    follow_up(announcement)
