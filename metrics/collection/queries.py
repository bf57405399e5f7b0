"""Reads of figures. Every one takes many channels and makes a constant number of queries.

Nothing here asks who may see what: pass channels that went through `Channel.objects.with_figures_for(person)`.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from metrics.collection.dictionary import KEYS, NUMBERS
from metrics.collection.models import DefinitionBreak, Gap, MonthlyRollup

VALUE, ZERO = "value", "zero"


class DailyRow(NamedTuple):
    """One channel, day and metric. `state` is "value", "zero" or one of Gap.State; no value means there is a gap."""

    channel_id: int
    day: date
    metric: str
    value: Decimal | None
    state: str
    source: int | None
    as_of: datetime | None
    reason: str = ""


class MonthlyRow(NamedTuple):
    """One month of a scope. `value` is the total of counts, and of snapshots the last of the month."""

    scope_id: str
    month: date
    metric: str
    value: Decimal
    days: int
    channels: int
    as_of: datetime
    is_demo: bool


class LatestRow(NamedTuple):
    """The newest figure of a channel."""

    channel_id: int
    metric: str
    day: date
    value: Decimal
    source: int
    as_of: datetime


@dataclass(frozen=True)
class MissingDays:
    state: str
    reason: str
    days: int


@dataclass(frozen=True)
class Coverage:
    """How many channel-days have a figure, of how many there could be, and why the others have none.

    `channels_reported` counts channels with at least one figure, for "8 of 11 channels reported".
    """

    reported: int
    expected: int
    missing: Sequence[MissingDays]
    channels_reported: int
    channels_expected: int


_DAILY = """
SELECT channel_id, day, {columns} FROM metrics_dailyrollup
WHERE channel_id = ANY(%s) AND day BETWEEN %s AND %s ORDER BY channel_id, day
"""


def daily(channel_ids: Collection[int], metrics: Sequence[str], start: date, end: date) -> list[DailyRow]:
    """A row for every channel, metric and day of the period, both ends included, gaps too; in that order."""
    if not channel_ids or not metrics:
        return []
    places = [NUMBERS[metric] for metric in metrics]
    columns = ", ".join(f"trim_scale(values[{n}]), sources[{n}], as_ofs[{n}]" for n in places)
    with connection.cursor() as cursor:
        cursor.execute(_DAILY.format(columns=columns), [list(channel_ids), start, end])
        found = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
    gaps = _gaps(channel_ids, places, start, end)
    days = list(_days(start, end))
    return [
        _daily_row(channel_id, day, metric, found.get((channel_id, day)), 3 * position, gaps)
        for channel_id in channel_ids
        for position, metric in enumerate(metrics)
        for day in days
    ]


def _daily_row(
    channel_id: int,
    day: date,
    metric: str,
    row: tuple[object, ...] | None,
    at: int,
    gaps: dict[tuple[int, date, int], tuple[str, str]],
) -> DailyRow:
    if row is None or row[at] is None:
        state, reason = gaps.get((channel_id, day, NUMBERS[metric]), (Gap.State.NOT_COLLECTED.value, ""))
        return DailyRow(channel_id, day, metric, None, state, None, None, reason)
    value, source, as_of = row[at : at + 3]
    return DailyRow(channel_id, day, metric, value, VALUE if value else ZERO, source, as_of)  # type: ignore[arg-type]


def _gaps(
    channel_ids: Collection[int], places: Collection[int], start: date, end: date
) -> dict[tuple[int, date, int], tuple[str, str]]:
    rows = Gap.objects.filter(channel__in=channel_ids, metric__in=places, day__range=(start, end))
    return {
        (channel_id, day, metric_id): (state, reason)
        for channel_id, day, metric_id, state, reason in rows.values_list(
            "channel_id", "day", "metric_id", "state", "reason"
        )
    }


def _days(start: date, end: date) -> Iterator[date]:
    for number in range((end - start).days + 1):
        yield start + timedelta(days=number)


def monthly(
    scope: MonthlyRollup.Scope, ids: Collection[int | str], metrics: Sequence[str], start: date, end: date
) -> list[MonthlyRow]:
    """The months from `start` to `end` that have figures. Departments are single ones: pass a branch's ids and add up.

    `ids` are channel or department ids or network keys, and [""] for the organisation.
    """
    rows = MonthlyRollup.objects.filter(
        scope=scope,
        scope_id__in=[str(each) for each in ids],
        metric__in=[NUMBERS[metric] for metric in metrics],
        month__range=(start.replace(day=1), end),
    ).order_by("scope_id", "metric", "month")
    return [
        MonthlyRow(
            row.scope_id,
            row.month,
            KEYS[row.metric_id],
            row.value,
            row.days,
            row.channels,
            row.as_of,
            row.is_demo,
        )
        for row in rows
    ]


_COVERAGE = """
SELECT count(*), count(DISTINCT channel_id) FROM metrics_dailyrollup
WHERE channel_id = ANY(%s) AND day BETWEEN %s AND %s AND values[%s] IS NOT NULL
"""


def coverage(channel_ids: Collection[int], metric: str, start: date, end: date) -> Coverage:
    place = NUMBERS[metric]
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, [list(channel_ids), start, end, place])
        reported, channels = cursor.fetchone()
    reasons = Counter(_gaps(channel_ids, [place], start, end).values())
    expected = len(channel_ids) * ((end - start).days + 1)
    unexplained = expected - reported - reasons.total()
    if unexplained:
        reasons[(Gap.State.NOT_COLLECTED.value, "")] += unexplained
    missing = [MissingDays(state, reason, days) for (state, reason), days in reasons.most_common()]
    return Coverage(reported, expected, missing, channels, len(channel_ids))


def breaks(network: str, metric: str) -> list[tuple[date, str]]:
    """Since when the network means something else by the metric, and what happened."""
    found = DefinitionBreak.objects.filter(network=network, metric=NUMBERS[metric])
    return list(found.order_by("day").values_list("day", "reason"))


_LATEST = """
SELECT c.id, r.day, trim_scale(r.values[%s]), r.sources[%s], r.as_ofs[%s]
FROM unnest(%s::bigint[]) AS c(id),
LATERAL (SELECT * FROM metrics_dailyrollup WHERE channel_id = c.id AND values[%s] IS NOT NULL
         ORDER BY day DESC LIMIT 1) r
"""


def latest(channel_ids: Collection[int], metric: str) -> dict[int, LatestRow]:
    """Per channel its newest figure; channels that never had one are left out."""
    place = NUMBERS[metric]
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [place, place, place, list(channel_ids), place])
        return {row[0]: LatestRow(row[0], metric, *row[1:]) for row in cursor.fetchall()}
