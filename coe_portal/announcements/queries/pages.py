"""One announcement as its page needs it, kept until any announcement changes: a warm page asks the database nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from coe_portal.announcements.models import Announcement, AnnouncementQuerySet, Receipt
from coe_portal.announcements.permissions import may_read
from coe_portal.announcements.queries.texts import Text, all_texts
from coe_portal.core import versions
from coe_portal.people.models import User

VERSION = "announcements"


@dataclass(frozen=True)
class Shown:
    announcement: Announcement
    texts: Mapping[str, Text]


@dataclass(frozen=True)
class Reading:
    """What one person has done with one announcement."""

    has_read: bool = False
    has_acknowledged: bool = False


def shown_to(person: User, announcement_id: int) -> Shown | None:
    """None for what is not there, as for what the person may not read."""
    kept = versions.kept(f"announcement:{announcement_id}", [VERSION], lambda: _published(announcement_id))
    found = kept if kept is not None else _unpublished(person, announcement_id)
    return found if found is not None and may_read(person, found.announcement) else None


def reading_of(person: User, announcement_id: int) -> Reading:
    return versions.kept(
        f"announcement:{announcement_id}:of:{person.pk}",
        [VERSION, f"person:{person.pk}"],
        lambda: _reading(person, announcement_id),
    )


def _published(announcement_id: int) -> Shown | None:
    return _read(Announcement.objects.published(), announcement_id)


def _unpublished(person: User, announcement_id: int) -> Shown | None:
    """Drafts and what was withdrawn change without a new version, so they are not kept."""
    return _read(Announcement.objects.all(), announcement_id) if person.is_strategist else None


def _read(among: AnnouncementQuerySet, announcement_id: int) -> Shown | None:
    rows = among.select_related("author", "audience").defer("author__password")
    found = rows.filter(pk=announcement_id).first()
    return Shown(found, all_texts(found)) if found else None


def _reading(person: User, announcement_id: int) -> Reading:
    receipt = Receipt.objects.filter(person=person, announcement=announcement_id).first()
    return Reading(receipt is not None, receipt is not None and receipt.acknowledged_at is not None)
