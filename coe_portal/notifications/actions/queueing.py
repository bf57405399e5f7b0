"""Which mails are to be sent: a row each, made by the database for everybody at once."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from coe_portal.notifications import ready_made
from coe_portal.notifications.models import OutgoingMail
from coe_portal.notifications.models.mails import DIGEST_AT, QUIET_FROM, QUIET_UNTIL
from coe_portal.notifications.times import SATURDAY
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import User

SEND = "notifications.send_mail"
# A bounced address is left alone for so long, unless an administrator says otherwise.
LEFT_ALONE = timedelta(days=30)
# Digests are queued every quarter of an hour. After this there may be no other time on the same day.
LAST_OF_THE_DAY = time(23, 45)

QUEUE = """
    INSERT INTO notifications_outgoingmail
           (person_id, address, purpose, priority, key, content, state, attempts, ambiguous, error, due_at, created_at)
    SELECT person.id, person.email, %(purpose)s, %(priority)s, {key}, '', 'waiting', 0, false, '', %(at)s, %(at)s
    FROM people_user AS person
    LEFT JOIN notifications_mailtimes AS times ON times.person_id = person.id
    {waiting}
    WHERE person.is_active AND person.time_zone = %(zone)s
      AND NOT (coalesce(times.quiet_weekends, false) AND %(is_weekend)s)
      AND NOT CASE WHEN coalesce(times.quiet_from, %(quiet_from)s) <= coalesce(times.quiet_until, %(quiet_until)s)
                   THEN %(clock)s >= coalesce(times.quiet_from, %(quiet_from)s)
                    AND %(clock)s < coalesce(times.quiet_until, %(quiet_until)s)
                   ELSE %(clock)s >= coalesce(times.quiet_from, %(quiet_from)s)
                     OR %(clock)s < coalesce(times.quiet_until, %(quiet_until)s)
              END
      AND person.email <> ALL(%(bounced)s::text[])
      {when}
    ON CONFLICT (key) DO NOTHING
"""
# The digest of a day holds what was new when the person's hour came: one that is late is one mail, not two.
DIGEST = QUEUE.format(
    key="'digest:' || person.id || ':' || %(day)s",
    waiting="""
    JOIN (
        SELECT waiting.person_id, min(waiting.created_at) AS oldest
        FROM notifications_notification AS waiting
        WHERE waiting.mail <> 'none' AND waiting.mailed_at IS NULL AND waiting.read_at IS NULL
        GROUP BY waiting.person_id
    ) AS news ON news.person_id = person.id
    """,
    when="""
      AND coalesce(times.digest_at, %(digest_at)s) <= %(until)s
      AND news.oldest < (%(day)s::date + coalesce(times.digest_at, %(digest_at)s)) AT TIME ZONE %(zone)s
    """,
)
NOW = QUEUE.format(
    key="'now:' || person.id || ':' || news.newest",
    waiting="""
    JOIN (
        SELECT waiting.person_id, max(waiting.id) AS newest
        FROM notifications_notification AS waiting
        WHERE waiting.mail = 'now' AND waiting.mailed_at IS NULL AND waiting.read_at IS NULL
        GROUP BY waiting.person_id
    ) AS news ON news.person_id = person.id
    """,
    when="",
)


@transaction.atomic
def queue_digests(*, at: datetime) -> int:
    """A mail to everybody whose hour has come today, who has something new and no quiet hours; returns how many."""
    return _queue(DIGEST, at, {"purpose": OutgoingMail.Purpose.DIGEST.value, "priority": 2})


@transaction.atomic
def queue_mail(*, at: datetime) -> int:
    """What is to be mailed at once, as soon as the person's quiet hours allow it."""
    return _queue(NOW, at, {"purpose": OutgoingMail.Purpose.NOW.value, "priority": 1})


@transaction.atomic
def send_later(*, message: EmailMessage) -> None:
    """A mail that was written already, to each of its recipients by itself; sent before all others."""
    content, now = ready_made.to_content(message), timezone.now()
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            address=address, purpose=OutgoingMail.Purpose.DIRECT, priority=0, content=content, due_at=now, key=None
        )
        for address in message.recipients()
    )
    enqueue(SEND)


def _queue(sql: str, at: datetime, values: Mapping[str, Any]) -> int:
    queued = 0
    bounced = list(
        OutgoingMail.objects.parked().filter(created_at__gt=at - LEFT_ALONE).values_list("address", flat=True)
    )
    zones = list(User.objects.active().order_by("time_zone").values_list("time_zone", flat=True).distinct())
    with connection.cursor() as cursor:
        for zone in zones:
            local = at.astimezone(ZoneInfo(zone))
            here = {
                "zone": zone,
                "day": local.date().isoformat(),
                "clock": local.time(),
                "until": time.max if local.time() >= LAST_OF_THE_DAY else local.time(),
                "is_weekend": local.weekday() >= SATURDAY,
                "at": at,
                "digest_at": DIGEST_AT,
                "quiet_from": QUIET_FROM,
                "quiet_until": QUIET_UNTIL,
                "bounced": bounced,
            }
            cursor.execute(sql, {**values, **here})
            queued += cursor.rowcount
    if queued:
        enqueue(SEND)
    return queued
