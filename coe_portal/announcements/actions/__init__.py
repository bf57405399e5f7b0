"""Every write to announcements."""

from coe_portal.announcements.actions.common import Refused, WrongState
from coe_portal.announcements.actions.publishing import (
    note_expiry,
    publish,
    publish_scheduled,
    queue_publishing,
    schedule,
    unschedule,
    withdraw,
)
from coe_portal.announcements.actions.reading import acknowledge, mark_read
from coe_portal.announcements.actions.sending import remind, send_part
from coe_portal.announcements.actions.talking import (
    add_comment,
    dismiss_flags,
    edit_comment,
    flag_comment,
    release_comment,
    remove_comment,
)
from coe_portal.announcements.actions.writing import Change, forget_text, keep_text, save

__all__ = [
    "Change",
    "Refused",
    "WrongState",
    "acknowledge",
    "add_comment",
    "dismiss_flags",
    "edit_comment",
    "flag_comment",
    "forget_text",
    "keep_text",
    "mark_read",
    "note_expiry",
    "publish",
    "publish_scheduled",
    "queue_publishing",
    "release_comment",
    "remind",
    "remove_comment",
    "save",
    "schedule",
    "send_part",
    "unschedule",
    "withdraw",
]
