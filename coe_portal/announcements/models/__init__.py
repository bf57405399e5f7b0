"""What strategists tell an audience, who has read it, what is said below it, and how far the news has got."""

from coe_portal.announcements.models.announcement import (
    NEXT,
    Announcement,
    AnnouncementQuerySet,
    Edition,
    KeptText,
    State,
    Translation,
)
from coe_portal.announcements.models.reading import EarlierReceipt, Receipt
from coe_portal.announcements.models.sending import Cause, Sending
from coe_portal.announcements.models.talking import EDITABLE_FOR, Comment, Flag

__all__ = [
    "EDITABLE_FOR",
    "NEXT",
    "Announcement",
    "AnnouncementQuerySet",
    "Cause",
    "Comment",
    "EarlierReceipt",
    "Edition",
    "Flag",
    "KeptText",
    "Receipt",
    "Sending",
    "State",
    "Translation",
]
