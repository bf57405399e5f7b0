"""Tell people something in the portal: one statement, however many they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from coe_portal.contributions import Way
from coe_portal.core.versions import bump
from coe_portal.notifications.models import Mail, Notification
from coe_portal.notifications.queries import BROADCAST, kind_of
from coe_portal.notifications.wording import worded
from coe_portal.people.models import User

# Above this, one version for everybody changes instead of one for each of them.
ONE_BY_ONE_AT_MOST = 200

TELL = """
    INSERT INTO notifications_notification (person_id, kind, subject, lead, url, key, mail, created_at)
    SELECT told.person_id, %(kind)s, told.subject, told.lead, told.url, told.key,
           CASE WHEN %(mail)s = 'none' THEN 'none'
                ELSE CASE chosen.way WHEN 'at_once' THEN 'now' WHEN 'digest' THEN 'digest'
                                     WHEN 'portal' THEN %(if_off)s WHEN 'off' THEN %(if_off)s
                                     ELSE %(mail)s END
           END,
           now()
    FROM ({people}) AS told
    LEFT JOIN notifications_preference AS chosen ON chosen.person_id = told.person_id AND chosen.kind = %(kind)s
    WHERE %(required)s OR coalesce(chosen.way, %(default)s) <> 'off'
    ON CONFLICT (person_id, key) DO NOTHING
"""
SAME = "%(subject)s AS subject, %(lead)s AS lead, %(url)s AS url, %(key)s AS key"
THESE = f"SELECT unnest(%(ids)s::bigint[]) AS person_id, {SAME}"
EACH = """
    SELECT * FROM unnest(%(ids)s::bigint[], %(subjects)s::text[], %(leads)s::text[], %(urls)s::text[], %(keys)s::text[])
        AS note (person_id, subject, lead, url, key)
"""
AUDIENCE = """
    SELECT member.person_id, {same}
    FROM people_audiencemember AS member JOIN people_user AS person ON person.id = member.person_id
    WHERE member.audience_id = %(audience_id)s AND person.is_active AND member.person_id <> ALL(%(except_ids)s)
""".replace("{same}", SAME)


TAKE_BACK = """
    DELETE FROM notifications_notification AS told USING people_user AS person, unnest(%(keys)s::text[]) AS taken (key)
    WHERE told.person_id = person.id AND told.key = taken.key
      AND NOT EXISTS (SELECT FROM people_audiencemember AS member
                      WHERE member.person_id = person.id AND member.audience_id = %(audience_id)s)
"""


@dataclass(frozen=True)
class Note:
    """What one person is told, in their language."""

    person_id: int
    subject: str
    url: str
    key: str
    lead: str = ""


@transaction.atomic
def notify(
    *,
    person_ids: Collection[int],
    kind: str,
    subject: str,
    url: str,
    key: str,
    lead: str = "",
    mail: Mail = Mail.DIGEST,
) -> None:
    """Each person is told once per key, however often this is called. `mail` holds for those who have not chosen."""
    ids = sorted(set(person_ids))
    _insert(THESE, kind, mail, {"ids": ids, **worded(subject, lead), "url": url, "key": key})
    _bump(ids)


@transaction.atomic
def notify_each(*, notes: Sequence[Note], kind: str, mail: Mail = Mail.DIGEST) -> None:
    """The same, but to each something of their own."""
    if not notes:
        return
    words = [worded(each.subject, each.lead) for each in notes]
    values = {
        "ids": [each.person_id for each in notes],
        "subjects": [each["subject"] for each in words],
        "leads": [each["lead"] for each in words],
        "urls": [each.url for each in notes],
        "keys": [each.key for each in notes],
    }
    _insert(EACH, kind, mail, values)
    _bump(sorted({each.person_id for each in notes}))


@transaction.atomic
def notify_audience(
    *,
    audience_id: int,
    except_ids: Collection[int] = (),
    kind: str,
    subject: str,
    url: str,
    key: str,
    lead: str = "",
    mail: Mail = Mail.DIGEST,
) -> int:
    """The same for the active members that the audience has now; returns how many were told now."""
    told = _insert(
        AUDIENCE,
        kind,
        mail,
        {
            "audience_id": audience_id,
            "except_ids": list(except_ids),
            **worded(subject, lead),
            "url": url,
            "key": key,
        },
    )
    bump(BROADCAST)
    return told


@transaction.atomic
def take_back(*, keys: Collection[str], unless_in: int | None = None) -> int:
    """Nobody is shown or mailed it any more, or the members of this audience alone; returns from how many it went."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"keys": list(keys), "audience_id": unless_in})
        taken = int(cursor.rowcount)
    bump(BROADCAST)
    return taken


def _insert(people: str, kind: str, mail: Mail, what: Mapping[str, Any]) -> int:
    known = kind_of(kind)
    unless_chosen = mail if mail != Mail.DIGEST else _mail_of(known.default, required=known.required)
    values = {
        **what,
        "kind": kind,
        "mail": unless_chosen.value,
        "if_off": (Mail.DIGEST if known.required else Mail.NONE).value,
        "required": known.required,
        "default": known.default.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL.format(people=people), values)
        return int(cursor.rowcount)


def _bump(person_ids: Sequence[int]) -> None:
    bump(*([BROADCAST] if len(person_ids) > ONE_BY_ONE_AT_MOST else [f"person:{each}" for each in person_ids]))


def _mail_of(way: Way, *, required: bool) -> Mail:
    if way == Way.AT_ONCE:
        return Mail.NOW
    return Mail.DIGEST if way == Way.DIGEST or required else Mail.NONE


@transaction.atomic
def mark_seen(*, person: User, urls: Collection[str], at: datetime) -> None:
    """They have been where these lead, by whatever way: nothing new is to be told of it."""
    Notification.objects.visible_to(person).unread().filter(url__in=urls).update(read_at=at)
    bump(f"person:{person.pk}")


@transaction.atomic
def mark_read(*, person: User, at: datetime, notification_id: int | None = None) -> None:
    """One of them, or all."""
    chosen = Notification.objects.visible_to(person).unread()
    if notification_id is not None:
        chosen = chosen.filter(pk=notification_id)
    chosen.update(read_at=at)
    bump(f"person:{person.pk}")
