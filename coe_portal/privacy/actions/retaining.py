"""Remove what is past its time, and change how long that is."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from coe_portal.audit import actions as audit
from coe_portal.people.models import User
from coe_portal.personal import Retention, rows_of
from coe_portal.privacy.models import RetentionPeriod, RetentionRun
from coe_portal.privacy.queries.catalogue import retentions
from coe_portal.privacy.queries.holds import keeps_all
from coe_portal.privacy.queries.retaining import days_of, limit_of, rows_to_remove

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 2_000


@transaction.atomic
def change_period(*, by: User, rule: Retention, days: int, at: datetime) -> None:
    before = days_of(rule)
    kept, _made = RetentionPeriod.objects.update_or_create(
        key=rule.key, defaults={"days": max(days, rule.least), "changed_by": by, "changed_at": at}
    )
    audit.record(
        by=by, verb="retention.changed", on=kept, details={"key": rule.key, "before": before, "after": kept.days}
    )


def remove_old(*, at: datetime) -> dict[str, int]:
    """Every kind by itself, in batches: what one cannot remove does not keep the others, and fails at the end."""
    removed: dict[str, int] = {}
    failed: list[str] = []
    for key, rule in retentions().items():
        try:
            removed[key] = _remove(rule, at)
        except Exception:
            log.exception("What is past its time could not be removed: %s", key)
            failed.append(key)
            continue
        RetentionRun.objects.create(key=key, at=at, removed=removed[key])
    if failed:
        raise RuntimeError(f"Not removed: {', '.join(failed)}")
    return removed


def _remove(rule: Retention, at: datetime) -> int:
    on = timezone.localdate(at)
    if rule.run:
        return 0 if keeps_all(rule, on) else rule.run(limit_of(rule, at))
    number = 0
    while batch := list(rows_to_remove(rule, at, on).order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        rows = rows_of(rule.model).filter(pk__in=batch)
        with transaction.atomic():
            if rule.remove:
                rule.remove(rows)
            else:
                rows.delete()
        number += len(batch)
        if len(batch) < ROWS_AT_ONCE:
            break
    return number
