"""How far the news has got: in the portal, by mail, in chat rooms."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from coe_portal.announcements.models import Announcement, Cause, Sending
from coe_portal.contributions import Text
from coe_portal.notifications.models import ChatDestination, Mail, Notification
from coe_portal.outbox.models import QueuedJob


@dataclass(frozen=True)
class Mailed:
    """Of the people told in a round: by a mail of its own, in a bundle, in the portal alone; and how many have it."""

    at_once: int
    at_once_sent: int
    bundled: int
    bundled_sent: int
    portal_only: int


@dataclass(frozen=True)
class Room:
    name: str
    state: Text
    tone: str
    error: str


@dataclass(frozen=True)
class Progress:
    sending: Sending
    mailed: Mailed
    rooms: Sequence[Room]
    is_stuck: bool


def rounds(announcement: Announcement) -> Sequence[Sending]:
    return list(announcement.sendings.select_related("by").order_by("-started_at", "-pk")[:50])


def progress(sending: Sending) -> Progress:
    stuck = QueuedJob.objects.parked().filter(key=sending.job_key).exists() if not sending.is_over else False
    return Progress(sending, _mailed(sending), _rooms(sending), stuck)


def _mailed(sending: Sending) -> Mailed:
    """Counted among the members the audience has now, by the index of people and keys."""
    told = Notification.objects.filter(person__audiences=sending.announcement.audience_id, key=sending.told_as)
    sent = Q(mailed_at__isnull=False)
    now, digest = Q(mail=Mail.NOW), Q(mail=Mail.DIGEST)
    return Mailed(
        **told.aggregate(
            at_once=Count("pk", filter=now),
            at_once_sent=Count("pk", filter=now & sent),
            bundled=Count("pk", filter=digest),
            bundled_sent=Count("pk", filter=digest & sent),
            portal_only=Count("pk", filter=Q(mail=Mail.NONE)),
        )
    )


def _rooms(sending: Sending) -> list[Room]:
    if sending.cause != Cause.PUBLISHED:
        return []
    rooms = {
        f"notifications.post_to_chat:{each.pk}:{sending.told_as}": each
        for each in ChatDestination.objects.filter(pk__in=sending.announcement.chat_destinations.values("pk"))
    }
    jobs = {job.key: job for job in QueuedJob.objects.filter(key__in=rooms)}
    return [_room(room, jobs.get(key)) for key, room in rooms.items()]


def _room(room: ChatDestination, job: QueuedJob | None) -> Room:
    if job is None:
        return Room(room.name, QueuedJob.State.WAITING.label, "neutral", "")
    tones = {QueuedJob.State.DONE: "good", QueuedJob.State.PARKED: "bad"}
    state = QueuedJob.State(job.state)
    return Room(room.name, state.label, tones.get(state, "neutral"), room.last_error if state != "done" else "")
