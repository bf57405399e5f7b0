"""What all writes to announcements share."""

from datetime import datetime

from coe_portal.announcements.models import Announcement, Edition, State
from coe_portal.announcements.permissions import can_become
from coe_portal.core import versions
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import User
from coe_portal.search import actions as search

KIND = "announcement"
REMINDER = "announcement.reminder"
COMMENT = "announcement.comment"


class WrongState(Exception):
    """The announcement is in a state in which this cannot be done."""


class Refused(Exception):
    """Said to the person in these words."""


def locked(announcement: Announcement, becomes: State) -> Announcement:
    """The row as it is now, held until the end; of two people who press at once the second is refused."""
    found = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if not can_become(found, becomes):
        raise WrongState
    return found


def queue_publishing(announcement: Announcement) -> None:
    """A job a time: moved to another time, the earlier job finds nothing due."""
    assert announcement.publish_at is not None  # noqa: S101 - a constraint of the table
    enqueue(
        "announcements.publish",
        {"announcement_id": announcement.pk},
        key=f"announcements.publish:{announcement.pk}:{announcement.publish_at.isoformat()}",
        due=announcement.publish_at,
    )


def follow_up(announcement: Announcement) -> None:
    """What is kept elsewhere of an announcement becomes what it is now."""
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


def texts_of(announcement: Announcement) -> dict[str, dict[str, str]]:
    """Language -> title and text, as an edition keeps them."""
    own = {announcement.language: {"title": announcement.title, "text": announcement.text}}
    others = announcement.translations.order_by("language")
    return own | {each.language: {"title": each.title, "text": each.text} for each in others}


def note_edition(
    announcement: Announcement, *, by: User | None, at: datetime, note: str = "", asked_again: bool = False
) -> None:
    Edition.objects.create(
        announcement=announcement,
        number=announcement.edition,
        by=by,
        at=at,
        note=note,
        asked_again=asked_again,
        texts=texts_of(announcement),
    )
