"""Tell people something in the portal, by mail and in chat rooms."""

from coe_portal.notifications.actions.chatting import deliver, post_to_chat, take_back_from_chat
from coe_portal.notifications.actions.choosing import choose, choose_times, unsubscribe
from coe_portal.notifications.actions.keeping import give_up, send_again, send_all_again
from coe_portal.notifications.actions.queueing import queue_digests, queue_mail, send_later
from coe_portal.notifications.actions.rooms import add_room, change_room, remove_room, switch_room, try_room
from coe_portal.notifications.actions.sending import send_mail
from coe_portal.notifications.actions.telling import (
    Note,
    mark_read,
    mark_seen,
    notify,
    notify_audience,
    notify_each,
    take_back,
)
from coe_portal.notifications.models import Mail

__all__ = [
    "Mail",
    "Note",
    "add_room",
    "change_room",
    "choose",
    "choose_times",
    "deliver",
    "give_up",
    "mark_read",
    "mark_seen",
    "notify",
    "notify_audience",
    "notify_each",
    "post_to_chat",
    "queue_digests",
    "queue_mail",
    "remove_room",
    "send_again",
    "send_all_again",
    "send_later",
    "send_mail",
    "switch_room",
    "take_back",
    "take_back_from_chat",
    "try_room",
    "unsubscribe",
]
