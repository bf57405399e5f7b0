"""A format turns a table into figures, posts and advertising costs, row by row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from coe_portal.channels.models import Channel
from metrics.collection.models import Source
from metrics.collection.observations import Observation, PostSeen
from metrics.imports.reading import Row, Table, is_unknown
from metrics.imports.values import BadCell, day, moment, number, whole_id

ERRORS_AT_MOST = 200


@dataclass(frozen=True)
class SpendSeen:
    """One advertisement of a report."""

    external_id: str
    name: str
    first_day: date
    last_day: date | None
    report_first_day: date
    report_last_day: date
    amount: Decimal
    currency: str
    figures: Mapping[str, str]


@dataclass
class Parsed:
    """What a file holds. `sum_posts` names the metrics that are summed over the posts of each day."""

    rows: int = 0
    observations: list[Observation] = field(default_factory=list)
    posts: list[PostSeen] = field(default_factory=list)
    spends: list[SpendSeen] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    errors_left_out: int = 0
    extra_columns: list[str] = field(default_factory=list)
    sum_posts: Sequence[str] = ()

    def refuse(self, line: int, reason: str) -> None:
        if len(self.errors) < ERRORS_AT_MOST:
            self.errors.append({"line": line, "reason": reason})
        else:
            self.errors_left_out += 1

    @property
    def days(self) -> tuple[date, date] | None:
        found = {each.day for each in self.observations} | {each.day for each in self.posts}
        found |= {each.report_first_day for each in self.spends} | {each.report_last_day for each in self.spends}
        return (min(found), max(found)) if found else None


@dataclass(frozen=True)
class Context:
    """For which channel the file is read, and when it was exported."""

    channel: Channel
    as_of: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.channel.time_zone)


RowReader = Callable[[Row, Table, Context, Parsed], None]


@dataclass(frozen=True)
class Format:
    """An export that we know. It is recognised by its columns, whatever the file is called."""

    key: str
    label: str
    networks: Sequence[str]
    needs: frozenset[str]
    read_row: RowReader
    known: frozenset[str] = frozenset()
    sum_posts: Sequence[str] = ()
    titles: frozenset[str] | None = None
    note: str = ""

    def fits(self, table: Table) -> bool:
        if self.titles is not None and not self.titles & {title.casefold() for title in table.titles}:
            return False
        return self.needs <= set(table.names)

    def parse(self, table: Table, context: Context) -> Parsed:
        parsed = Parsed(sum_posts=self.sum_posts)
        parsed.extra_columns = [name for name in table.names if name and name not in self.known | self.needs]
        for row in table.rows:
            parsed.rows += 1
            try:
                self.read_row(row, table, context, parsed)
            except BadCell as error:
                parsed.refuse(row.line, str(error))
        return parsed


def figures(row: Row, columns: Mapping[str, str]) -> Iterator[tuple[str, Decimal]]:
    """Metric and value of each column that has one; a dash is unknown, not nought."""
    for column, metric in columns.items():
        cell = row.cells.get(column, "")
        if not is_unknown(cell):
            yield metric, number(cell, column)


def day_reader(date_column: str, columns: Mapping[str, str]) -> RowReader:
    """A row is a day of the channel."""

    def read(row: Row, _table: Table, context: Context, parsed: Parsed) -> None:
        on = day(row.cells[date_column], date_column)
        found = list(figures(row, columns))
        parsed.observations += [
            Observation(context.channel.pk, metric, on, value, context.as_of, Source.FILE) for metric, value in found
        ]

    return read


@dataclass(frozen=True)
class PostColumns:
    """Where a post's parts stand; a column that is missing is read as empty."""

    identity: str
    published: str
    text: Sequence[str]
    figures: Mapping[str, str]
    url: str = ""
    kind: str = ""
    link: str = ""
    skip: Callable[[Row], bool] = field(default=lambda row: False)


def post_reader(columns: PostColumns) -> RowReader:
    """A row is a post with its totals until the day of export."""
    used = {columns.identity, columns.published, columns.url, columns.kind, *columns.text, *columns.figures}

    def read(row: Row, _table: Table, context: Context, parsed: Parsed) -> None:
        if columns.skip(row):
            return
        identity = whole_id(row.cells[columns.identity], columns.identity)
        published = moment(row.cells[columns.published], columns.published, context.zone)
        parsed.posts.append(
            PostSeen(
                channel_id=context.channel.pk,
                external_id=identity,
                published_at=published,
                day=published.date(),
                as_of=context.as_of,
                source=Source.FILE,
                text=_first(row, columns.text),
                url=_first(row, [columns.url]) or (columns.link + identity if columns.link else ""),
                kind=_first(row, [columns.kind])[:40],
                figures=dict(figures(row, columns.figures)),
                extra=_extra(row, used),
            )
        )

    return read


def _first(row: Row, names: Iterable[str]) -> str:
    return next((row.cells[name] for name in names if row.cells.get(name)), "")


def _extra(row: Row, used: set[str]) -> dict[str, str]:
    return {name: cell for name, cell in row.cells.items() if name and name not in used and not is_unknown(cell)}
