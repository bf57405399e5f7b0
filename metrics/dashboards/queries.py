"""Reads for dashboards: wide day rows in one statement, months from the rollup."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from coe_portal.channels.models import Channel
from metrics.collection.dictionary import ENTRIES, KEYS, NUMBERS
from metrics.collection.models import DefinitionBreak, Metric, MonthlyRollup, Sample, Source
from metrics.collection.queries import MonthlyRow, monthly
from metrics.dashboards.comparing import Change, Observed, change
from metrics.periods import Period, add_months

KINDS = {entry.key: entry.kind for entry in ENTRIES}

_LINES = """
SELECT {columns}, max(d.day) FILTER (WHERE r.day IS NOT NULL), bool_or(0 = ANY(r.sources))
FROM generate_series(%s::date, %s::date, '1 day') AS d(day)
LEFT JOIN metrics_dailyrollup r ON r.channel_id = %s AND r.day = d.day
"""


@dataclass(frozen=True)
class Lines:
    """Per metric a value for every day of the period, None where there is none."""

    start: date
    values: Mapping[str, Sequence[float | None]]
    is_demo: bool


def lines(channel_id: int, metrics: Sequence[str], start: date, end: date) -> Lines:
    columns = ", ".join(f"array_agg(r.values[{NUMBERS[metric]}]::float8 ORDER BY d.day)" for metric in metrics)
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(columns=columns), [start, end, channel_id])
        row = cursor.fetchone()
    return Lines(start, dict(zip(metrics, row, strict=False)), bool(row[-1]))


@dataclass(frozen=True)
class Sum:
    """`value` adds up the days of a count; of a state it is the newest. `source` is that of the newest figure."""

    metric: str
    value: Decimal | None
    days: int
    of_days: int
    change: Change
    source: Source | None
    as_of: datetime | None


_SUMS = """
SELECT day >= %s AS now, {columns} FROM metrics_dailyrollup
WHERE channel_id = %s AND day BETWEEN %s AND %s GROUP BY 1
"""

# The newest figure of a metric between two days; the primary key finds it without reading the others.
_NEWEST = """
SELECT m.n, m.first >= %s AS now, r.values[m.n], r.sources[m.n], r.as_ofs[m.n]
FROM unnest(%s::int[], %s::date[], %s::date[]) AS m(n, first, last),
LATERAL (SELECT values, sources, as_ofs FROM metrics_dailyrollup
         WHERE channel_id = %s AND day BETWEEN m.first AND m.last AND values[m.n] IS NOT NULL
         ORDER BY day DESC LIMIT 1) r
"""


class Newest(NamedTuple):
    value: Decimal
    source: int
    as_of: datetime


def sums(
    channel: Channel, metrics: Sequence[str], start: date, end: date, breaks: Mapping[str, Sequence[date]]
) -> dict[str, Sum]:
    """Each metric over the period, with its change against the equally long period before."""
    length = (end - start).days + 1
    before = start - timedelta(days=length)
    columns = ", ".join(f"sum(values[{n}]), count(values[{n}])" for n in (NUMBERS[metric] for metric in metrics))
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(columns=columns), [start, channel.pk, before, end])
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    newest = _newest(channel.pk, metrics, before, start, end)
    return {
        metric: _sum(
            metric,
            _observed(metric, found.get(True), 2 * position, newest.get((metric, True))),
            _observed(metric, found.get(False), 2 * position, newest.get((metric, False))),
            newest.get((metric, True)),
            length,
            _first_within(breaks.get(metric, ()), before, end),
        )
        for position, metric in enumerate(metrics)
    }


def _newest(
    channel_id: int, metrics: Sequence[str], before: date, start: date, end: date
) -> dict[tuple[str, bool], Newest]:
    """Of this period for every metric, of the one before only for states, whose last figure is compared."""
    states = [metric for metric in metrics if KINDS[metric] != Metric.Kind.COUNT]
    numbers = [NUMBERS[metric] for metric in (*metrics, *states)]
    firsts = [start] * len(metrics) + [before] * len(states)
    lasts = [end] * len(metrics) + [start - timedelta(days=1)] * len(states)
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [start, numbers, firsts, lasts, channel_id])
        return {(KEYS[row[0]], row[1]): Newest(*row[2:]) for row in cursor.fetchall()}


def _sum(
    metric: str, now: Observed, earlier: Observed, newest: Newest | None, length: int, redefined: date | None
) -> Sum:
    return Sum(
        metric,
        now.value,
        now.days,
        length,
        change(now, earlier, redefined),
        Source(newest.source) if newest else None,
        newest.as_of if newest else None,
    )


def _observed(metric: str, row: tuple[Any, ...] | None, at: int, newest: Newest | None) -> Observed:
    if row is None or not row[at + 1]:
        return Observed(None, 0, 0)
    if KINDS[metric] == Metric.Kind.COUNT:
        return Observed(row[at], row[at + 1], 1)
    return Observed(newest.value if newest else None, row[at + 1], 1)


def _first_within(days: Sequence[date], start: date, end: date) -> date | None:
    return next((day for day in days if start < day <= end), None)


def breaks_of(network: str) -> dict[str, list[tuple[date, str]]]:
    """All redefinitions of a network, by metric."""
    found: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for key, day, reason in DefinitionBreak.objects.filter(network=network).values_list("metric__key", "day", "reason"):
        found[key].append((day, reason))
    return dict(found)


def samples_of(channel: Channel, day: date, metric: str = "") -> list[Sample]:
    """Every sample that was ever taken of a day, the newest of each metric first."""
    found = Sample.objects.filter(channel=channel, day=day).select_related("metric", "run", "run__by")
    if metric:
        found = found.filter(metric__key=metric)
    return list(found.order_by("metric_id", "-as_of", "-source"))


@dataclass(frozen=True)
class Cell:
    value: Decimal | None
    change: Change
    channels: int
    as_of: datetime | None
    is_demo: bool


@dataclass(frozen=True)
class ScopeRow:
    """A network or a branch in one month; `in_use` is how many accounts there are now."""

    key: str
    label: str
    url: str
    in_use: int
    cells: Mapping[str, Cell]

    @property
    def reported(self) -> int:
        return max((cell.channels for cell in self.cells.values()), default=0)

    @property
    def accounts(self) -> int:
        """How many could have reported. One that has been archived since did report then."""
        return max(self.in_use, self.reported)


Months = dict[str, dict[date, MonthlyRow]]


def months_of(
    scope: MonthlyRollup.Scope, ids: Collection[str], metrics: Sequence[str], period: Period
) -> dict[str, Months]:
    """Per scope id, metric and month the row of the rollup."""
    found: dict[str, Months] = defaultdict(lambda: defaultdict(dict))
    for row in monthly(scope, ids, metrics, period.start, period.end):
        found[row.scope_id][row.metric][row.month] = row
    return found


def added_up(parts: Sequence[Months]) -> Months:
    """Departments of a branch, or networks of a person, as one."""
    total: Months = defaultdict(dict)
    for part in parts:
        for metric, months in part.items():
            for month, row in months.items():
                seen = total[metric].get(month)
                total[metric][month] = _plus(seen, row) if seen else row
    return total


def _plus(one: MonthlyRow, other: MonthlyRow) -> MonthlyRow:
    return one._replace(
        value=one.value + other.value,
        days=one.days + other.days,
        channels=one.channels + other.channels,
        as_of=min(one.as_of, other.as_of),
        is_demo=one.is_demo or other.is_demo,
    )


def cells(
    months: Months, metrics: Sequence[str], month: date, redefined: Collection[tuple[str, date]] = ()
) -> dict[str, Cell]:
    """The month of each metric, with its change against the month before."""
    before = add_months(month, -1)
    return {
        metric: _cell(months.get(metric, {}), month, before, _broken(redefined, metric, month)) for metric in metrics
    }


def _cell(rows: Mapping[date, MonthlyRow], month: date, before: date, redefined: date | None) -> Cell:
    row, earlier = rows.get(month), rows.get(before)
    return Cell(
        row.value if row else None,
        change(_seen(row), _seen(earlier), redefined),
        row.channels if row else 0,
        row.as_of if row else None,
        bool(row and row.is_demo),
    )


def _seen(row: MonthlyRow | None) -> Observed:
    return Observed(row.value, row.days, row.channels) if row else Observed(None, 0, 0)


def _broken(redefined: Collection[tuple[str, date]], metric: str, month: date) -> date | None:
    before, after = add_months(month, -1), add_months(month, 1)
    return next((day for key, day in redefined if key == metric and before < day < after), None)
