"""Send what is due, one mail after the other over one connection, and note each answer before the next mail begins.

One sender at a time, in all processes: whatever is `sending` when a sender begins was interrupted.
"""

import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from coe_portal.notifications.composing import NOTHING, Later, Material, Ready, compose, gather
from coe_portal.notifications.models import Mail, Notification, OutgoingMail
from coe_portal.notifications.smtp import Courier, Refused, ServerAway, Unsure

log = logging.getLogger(__name__)

State = OutgoingMail.State
LOCK_CLASS = 20_418
BATCH = 200
ATTEMPTS_AT_MOST = 8
TRY_AGAIN = timedelta(minutes=5)
TRY_AGAIN_AT_MOST = timedelta(hours=6)
LAST = 2
INTERRUPTED = "The sender was interrupted."
TWICE_UNSURE = "Sent twice, and each time nobody knows whether the mail server took it."

ACCEPTED = """
    UPDATE notifications_outgoingmail SET state = 'accepted', accepted_at = %(at)s, content = '', error = ''
    WHERE id = %(id)s;
    UPDATE notifications_notification SET mailed_at = %(at)s WHERE id = ANY(%(notification_ids)s);
"""
# Who has another address since it was queued is written to there.
BEGUN = "UPDATE notifications_outgoingmail SET state = 'sending', address = %(address)s WHERE id = %(next_id)s;"


def send_mail(*, seconds: float) -> bool:
    """Sends for about so long; True when more is due and the server is there to take it."""
    with _alone() as alone:
        if not alone:
            return False
        _settle_interrupted()
        end = time.monotonic() + seconds
        try:
            with Courier() as courier:
                while time.monotonic() < end:
                    batch = list(OutgoingMail.objects.due(timezone.now()).order_by("priority", "due_at", "pk")[:BATCH])
                    if not batch:
                        return False
                    _Sender(courier).send(batch)
        except ServerAway as away:
            log.warning("Mail waits: %s", away)
            return False
    return True


@contextmanager
def _alone() -> Iterator[bool]:
    """A lock of the database session: it ends with the worker, however the worker ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, 0)", [LOCK_CLASS])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [LOCK_CLASS])


@transaction.atomic
def _settle_interrupted() -> None:
    for mail in OutgoingMail.objects.under_way().select_for_update():
        _unsure(mail, INTERRUPTED)


def _settle(over: Collection[int]) -> None:
    """Otherwise a mail of nothing else would be queued and dropped every day."""
    if over:
        Notification.objects.filter(pk__in=over).update(mail=Mail.NONE)


class _Sender:
    """Notes that a mail was taken and that the next one begins in one go, so that a mail costs one commit."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._taken: tuple[OutgoingMail, Ready] | None = None

    def send(self, batch: list[OutgoingMail]) -> None:
        """Material is gathered at the first that needs it: an app that cannot say what people owe does not hold back
        the link to a new password, which comes before."""
        at, material = timezone.now(), None
        try:
            for mail in batch:
                if material is None and not mail.content:
                    material = gather(batch, at)
                    _settle(material.over)
                self._deal_with(mail, material or NOTHING, at)
        finally:
            self._note()

    def _deal_with(self, mail: OutgoingMail, material: Material, at: datetime) -> None:
        try:
            written = compose(mail, material, at)
        except Exception as error:
            log.exception("The mail %s cannot be written", mail.pk)
            _try_again(mail, f"It cannot be written: {type(error).__name__}: {error}")
            return
        if written is None:
            OutgoingMail.objects.filter(pk=mail.pk).update(state=State.DROPPED, content="")
        elif isinstance(written, Later):
            OutgoingMail.objects.filter(pk=mail.pk).update(due_at=written.at)
        else:
            self._note(begin=mail, address=written.message.to[0])
            self._hand_over(mail, written)

    def _hand_over(self, mail: OutgoingMail, written: Ready) -> None:
        try:
            self._courier.send(written.message)
        except Refused as refused:
            if refused.for_good:
                _park(mail, str(refused))
            else:
                _try_again(mail, str(refused))
        except Unsure as unsure:
            _unsure(mail, str(unsure))
        except ValueError as error:
            _park(mail, f"It cannot be written to this address: {error}")
        except ServerAway as away:
            _wait(mail, away)
            raise
        else:
            self._taken = (mail, written)

    def _note(self, begin: OutgoingMail | None = None, address: str = "") -> None:
        """One statement list, which PostgreSQL commits as one."""
        statements, values = "", dict[str, Any]()
        if self._taken:
            mail, written = self._taken
            statements += ACCEPTED
            values |= {"id": mail.pk, "at": timezone.now(), "notification_ids": written.notification_ids}
            self._taken = None
        if begin:
            statements += BEGUN
            values |= {"next_id": begin.pk, "address": address}
        if statements:
            with connection.cursor() as cursor:
                cursor.execute(statements, values)


def _wait(mail: OutgoingMail, away: ServerAway) -> None:
    """No mail is to blame for a server that is away. But one at which it hangs up lets the others of its kind go first,
    and the next time all others, so that it does not hold them back for ever."""
    waiting: dict[str, Any] = {"state": State.WAITING, "error": str(away)}
    if away.in_dialogue:
        waiting["due_at"] = timezone.now()
        if mail.error:
            waiting["priority"] = LAST
    OutgoingMail.objects.filter(pk=mail.pk).update(**waiting)


def _unsure(mail: OutgoingMail, error: str) -> None:
    """Repeated once, and marked; after that it is left to a person."""
    if mail.ambiguous:
        _park(mail, f"{TWICE_UNSURE} {error}")
        return
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=State.WAITING, ambiguous=True, attempts=F("attempts") + 1, error=error
    )


def _try_again(mail: OutgoingMail, error: str) -> None:
    """The server said that it may take it later."""
    if mail.attempts + 1 >= ATTEMPTS_AT_MOST:
        _park(mail, error)
        return
    wait = min(TRY_AGAIN * 3**mail.attempts, TRY_AGAIN_AT_MOST)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=State.WAITING, attempts=mail.attempts + 1, due_at=timezone.now() + wait, error=error
    )


def _park(mail: OutgoingMail, error: str) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(state=State.PARKED, attempts=mail.attempts + 1, error=error)
