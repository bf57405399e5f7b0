"""Bind what was written since the last seal into the chain. Writers of entries never wait for this."""

import logging
from datetime import datetime

from django.db import connection, transaction

from coe_portal.audit.chain import ENTRY_TEXT, Link
from coe_portal.audit.models import AuditEntry, Seal
from coe_portal.core.crypto import is_signed_with_newest_key, sign

log = logging.getLogger(__name__)

ONE_AT_A_TIME = 7_240_101
ENTRIES_A_SEAL = 50_000


@transaction.atomic
def seal(*, at: datetime) -> Seal | None:
    """One link more, or None when there is nothing to add or it is too early.

    Not inside a longer transaction: the number of this one must be taken after the newest entry is looked up.
    """
    if not _alone():
        return None
    last = Seal.objects.order_by("-number").first()
    newest = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    mine, oldest_running = _transactions()
    if last is None:
        return _add(None, at, upto=0, mark=(newest, mine)) if newest else None
    upto, mark = last.seen_id, (newest, mine)
    # A number greater than ours is from another server, from which the data were brought here: all of it is over.
    if upto > last.upto and oldest_running < last.seen_transaction <= mine:
        return None
    whole = _nth_after(last.upto, ENTRIES_A_SEAL)
    if whole is not None and whole < upto:
        upto, mark = whole, (last.seen_id, last.seen_transaction)
    if upto == last.upto and newest <= last.seen_id and is_signed_with_newest_key(last.hash, last.signature):
        return None
    return _add(last, at, upto=upto, mark=mark)


def seal_all(*, at: datetime, at_most: int = 1_000) -> int:
    """As many links as there are to add now."""
    for number in range(at_most):
        if seal(at=at) is None:
            return number
    return at_most


def _add(last: Seal | None, at: datetime, *, upto: int, mark: tuple[int, int]) -> Seal:
    after = last.upto if last else 0
    entries, content = _content(after, upto)
    link = Link(last.number + 1 if last else 1, at, after, upto, entries, content, last.hash if last else "")
    made = Seal.objects.create(
        number=link.number,
        at=link.at,
        after=link.after,
        upto=link.upto,
        entries=link.entries,
        content=link.content,
        previous=link.previous,
        hash=link.hash,
        signature=sign(link.hash),
        seen_id=mark[0],
        seen_transaction=mark[1],
    )
    # The log leaves the machine: a chain that was cut short or made anew does not fit it.
    log.info("Audit seal %d up to entry %d: %s", made.number, made.upto, made.hash)
    return made


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        return bool(cursor.fetchone()[0])


def _transactions() -> tuple[int, int]:
    """The number of this transaction, and the smallest of those that are under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        mine = int(cursor.fetchone()[0])
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return mine, int(cursor.fetchone()[0])


def _content(after: int, upto: int) -> tuple[int, str]:
    statement = f"""
        SELECT count(*), encode(sha256(coalesce(
            string_agg(sha256(convert_to({ENTRY_TEXT}, 'UTF8')), ''::bytea ORDER BY id), ''::bytea)), 'hex')
        FROM audit_auditentry WHERE id > %s AND id <= %s
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [after, upto])
        entries, content = cursor.fetchone()
        return int(entries), str(content)


def _nth_after(entry_id: int, number: int) -> int | None:
    later = AuditEntry.objects.filter(pk__gt=entry_id).order_by("pk").values_list("pk", flat=True)
    return later[number - 1 : number].first()
