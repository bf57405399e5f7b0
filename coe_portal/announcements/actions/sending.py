"""Tell people of an announcement, in parts.

A part and the note of how far it got are one transaction, and the next part is asked for in it: a worker that dies in
the middle has told nobody of that part, and the part is run again.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coe_portal.announcements.actions.common import KIND, REMINDER, Refused
from coe_portal.announcements.models import Announcement, Cause, Sending
from coe_portal.announcements.queries.receipts import recipients
from coe_portal.announcements.queries.texts import all_texts
from coe_portal.announcements.queries.told import subject
from coe_portal.audit import actions as audit
from coe_portal.notifications import actions as notifications
from coe_portal.notifications.actions import notify, post_to_chat
from coe_portal.notifications.models import ChatDestination, Mail
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import User

PART = 1_000


def tell_of_publishing(*, by: User, announcement: Announcement, at: datetime) -> Sending:
    key = f"announcement:{announcement.pk}"
    return _begin(Sending(announcement=announcement, cause=Cause.PUBLISHED, key=key, told_as=key, by=by), at)


def ask_again(*, by: User, announcement: Announcement, at: datetime) -> Sending:
    key = f"announcement:{announcement.pk}:{announcement.asked_in}"
    return _begin(Sending(announcement=announcement, cause=Cause.ASKED_AGAIN, key=key, told_as=key, by=by), at)


@transaction.atomic
def remind(*, by: User, announcement: Announcement, department_ids: Collection[int] | None, at: datetime) -> Sending:
    """Those who have not acknowledged, of these departments or of all; a person at most once a day."""
    day = f"announcement:{announcement.pk}:reminder:{timezone.localdate(at).isoformat()}"
    key = day if department_ids is None else f"{day}:{by.pk}"
    Announcement.objects.select_for_update().get(pk=announcement.pk)  # of two who press at once the second is refused
    if Sending.objects.filter(key=key).exists():
        raise Refused(_("They have been reminded today already. You can remind them again tomorrow."))
    branch = None if department_ids is None else sorted(department_ids)
    sending = Sending(
        announcement=announcement, cause=Cause.REMINDER, key=key, told_as=day, by=by, department_ids=branch
    )
    audit.record(by=by, verb="announcement.reminded", on=announcement, details={"departments": len(branch or [])})
    return _begin(sending, at)


def _begin(sending: Sending, at: datetime) -> Sending:
    sending.mail = Mail(sending.announcement.mail)
    sending.started_at = at
    sending.total = recipients(sending, at).count()
    sending.save(force_insert=True)
    _queue(sending)
    return sending


def _queue(sending: Sending) -> None:
    enqueue("announcements.send_part", {"sending_id": sending.pk}, key=sending.job_key)


@transaction.atomic
def send_part(*, sending_id: int, at: datetime) -> None:
    """The job. Whom to tell is asked anew for each part; what was withdrawn or is over meanwhile is told no further."""
    sending = Sending.objects.select_for_update(of=["self"]).select_related("announcement").get(pk=sending_id)
    if sending.is_over:
        return
    if not Announcement.objects.current(at).filter(pk=sending.announcement_id).exists():
        sending.stopped_at = at
        sending.save(update_fields=["stopped_at"])
        audit.record(by=None, verb="announcement.sending_stopped", on=sending, details={"told": sending.told})
        return
    if sending.reached == 0 and sending.cause == Cause.PUBLISHED:
        _tell_rooms(sending)
    part = list(recipients(sending, at).order_by("pk").values_list("pk", "language")[:PART])
    _tell(sending, part)
    sending.told += len(part)
    sending.reached = part[-1][0] if part else sending.reached
    sending.finished_at = at if len(part) < PART else None
    sending.save(update_fields=["told", "reached", "finished_at"])
    if sending.finished_at is None:
        _queue(sending)


def _tell(sending: Sending, part: Collection[tuple[int, str]]) -> None:
    """Each in their language."""
    texts = all_texts(sending.announcement)
    by_language: dict[str, list[int]] = defaultdict(list)
    for person_id, language in part:
        by_language[language].append(person_id)
    for language, person_ids in by_language.items():
        text = texts.get(language, texts[sending.announcement.language])
        notify(
            person_ids=person_ids,
            kind=REMINDER if sending.cause == Cause.REMINDER else KIND,
            subject=subject(Cause(sending.cause), text, language),
            lead=text.lead,
            url=sending.announcement.get_absolute_url(),
            key=sending.told_as,
            mail=Mail(sending.mail),
        )


def take_back(announcement: Announcement) -> None:
    """What was told of it in the portal, and what is still to be mailed or posted."""
    notifications.take_back(keys=_told_as(announcement))
    rooms = list(announcement.chat_destinations.values_list("pk", flat=True))
    notifications.take_back_from_chat(destination_ids=rooms, key=f"announcement:{announcement.pk}")


def tell_new_audience(*, by: User, announcement: Announcement, at: datetime) -> Sending:
    """Who is in it now and has not been told; nothing is left with who is not in it."""
    notifications.take_back(keys=_told_as(announcement), unless_in=announcement.audience_id)
    told_as = f"announcement:{announcement.pk}"
    key = f"{told_as}:audience:{at.isoformat()}"
    return _begin(Sending(announcement=announcement, cause=Cause.WIDENED, key=key, told_as=told_as, by=by), at)


def _told_as(announcement: Announcement) -> list[str]:
    return list(announcement.sendings.values_list("told_as", flat=True).distinct())


def _tell_rooms(sending: Sending) -> None:
    announcement = sending.announcement
    rooms = ChatDestination.objects.taking(KIND).filter(pk__in=announcement.chat_destinations.values("pk"))
    post_to_chat(
        destination_ids=list(rooms.values_list("pk", flat=True)),
        title=announcement.title,
        text=announcement.lead,
        url=settings.PUBLIC_URL + announcement.get_absolute_url(),
        key=sending.told_as,
    )
