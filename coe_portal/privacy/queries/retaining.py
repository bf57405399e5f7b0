"""The table of retention periods, with what the next night would remove."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coe_portal.personal import Retention, Rows, rows_of
from coe_portal.privacy.models import RetentionPeriod, RetentionRun
from coe_portal.privacy.queries.catalogue import retentions
from coe_portal.privacy.queries.holds import keeps_all, kept_rows


@dataclass(frozen=True)
class Period:
    """One line of the table. `due` and `held` count rows that are older than the limit; held ones stay."""

    rule: Retention
    days: int
    due: int
    held: int
    last_run: RetentionRun | None

    @property
    def is_changed(self) -> bool:
        return self.days != self.rule.days


def days_of(rule: Retention) -> int:
    own = RetentionPeriod.objects.filter(key=rule.key).values_list("days", flat=True).first()
    return max(own or rule.days, rule.least)


def limit_of(rule: Retention, at: datetime) -> datetime:
    return at - timedelta(days=days_of(rule))


def old_rows(rule: Retention, at: datetime) -> Rows:
    """Older than the limit, held or not."""
    rows = rows_of(rule.model).filter(rule.only)
    return rows.filter(**{f"{rule.moment}__lt": limit_of(rule, at)})


def rows_to_remove(rule: Retention, at: datetime, on: date) -> Rows:
    return old_rows(rule, at).exclude(kept_rows(rule, on))


def effect_of(rule: Retention, days: int, at: datetime, on: date) -> tuple[int, int]:
    """How many rows a night with this period removes, and how many older ones a hold keeps."""
    limit = at - timedelta(days=days)
    if rule.count:
        old = rule.count(limit)
        held = old if keeps_all(rule, on) else 0
    else:
        rows = rows_of(rule.model).filter(rule.only, **{f"{rule.moment}__lt": limit})
        old, held = rows.count(), rows.filter(kept_rows(rule, on)).count()
    return old - held, held


def periods(at: datetime, on: date) -> list[Period]:
    runs = RetentionRun.objects.order_by("key", "-at").distinct("key")
    last = {run.key: run for run in runs}
    return [_period(rule, at, on, last.get(key)) for key, rule in sorted(retentions().items(), key=_by_label)]


def _by_label(pair: tuple[str, Retention]) -> str:
    return str(pair[1].label)


def _period(rule: Retention, at: datetime, on: date, last: RetentionRun | None) -> Period:
    days = days_of(rule)
    due, held = effect_of(rule, days, at, on)
    return Period(rule, days, due, held, last)
