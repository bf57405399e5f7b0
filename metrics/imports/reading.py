"""From the bytes of an export to tables: whatever the network, the spreadsheet program and the computer did to it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from django.utils.translation import gettext as _

from coe_portal.core.sheets import COLUMNS_AT_MOST, Unreadable, read_sheets

ROWS_AT_MOST = 100_000
CELL_AT_MOST = 50_000
UNKNOWN = {"", "-", "--", "nan", "n/a", "null", "none"}


@dataclass(frozen=True)
class Row:
    """One line of a table; `cells` by the plain name of the column, the first of columns with the same name."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A header and its rows. `titles` are the lines above the header."""

    header: tuple[str, ...]
    rows: Sequence[Row]
    titles: Sequence[str]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(plain(name) for name in self.header if name))


def plain(name: str) -> str:
    """A column's name without what only differs by program: soft hyphens, wide letters, capitals, blanks."""
    folded = unicodedata.normalize("NFKC", name).replace("\u00ad", "").replace("\u200b", "").casefold()
    return " ".join(folded.split())


def is_unknown(cell: str) -> bool:
    """Whether the network says that it does not know, which is not nought."""
    return cell.strip().casefold() in UNKNOWN


def read_tables(content: bytes) -> list[Table]:
    """Every table of the file. Raises Unreadable."""
    return [table for sheet in read_sheets(content) for table in _tables(sheet)]


def _tables(lines: Iterable[tuple[int, list[str]]]) -> Iterator[Table]:
    """The header is the first line that has at least two names and no line above it that does."""
    titles: list[str] = []
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    for line, cells in lines:
        _refuse_excess(line, cells, rows)
        if header:
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, _named(header, cells)))
        elif _is_header(cells):
            header = tuple(cell.strip() for cell in cells)
        else:
            titles.append(" ".join(cell.strip() for cell in cells).strip())
    if header:
        yield Table(header, rows, [title for title in titles if title])


def _is_header(cells: Sequence[str]) -> bool:
    named = [cell for cell in cells if cell.strip()]
    return len(named) >= 2 and not cells[0].startswith("#")


def _refuse_excess(line: int, cells: Sequence[str], rows: Sequence[Row]) -> None:
    if len(rows) >= ROWS_AT_MOST:
        raise Unreadable(_("The file has more than %(n)s rows. Export a shorter period.") % {"n": ROWS_AT_MOST})
    if len(cells) > COLUMNS_AT_MOST or any(len(cell) > CELL_AT_MOST for cell in cells):
        raise Unreadable(_("Line %(line)s is too long to be one of an export.") % {"line": line})


def _named(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, cell in zip_longest(header, cells[: len(header)], fillvalue=""):
        if name:
            found.setdefault(plain(name), cell.strip())
    return found


DATES_IN_NAMES = (
    (r"(\d{4})(\d{2})(\d{2})", "%Y%m%d"),
    (r"(\d{4})-(\d{2})-(\d{2})", "%Y-%m-%d"),
    (r"([A-Z][a-z]{2})-(\d{2})-(\d{4})", "%b-%d-%Y"),
)


def last_day_in(name: str) -> date | None:
    """The last day that a file's name tells: exports are named after the days they cover."""
    found = []
    for pattern, form in DATES_IN_NAMES:
        for match in re.finditer(rf"(?<!\d){pattern}(?!\d)", name):
            try:
                found.append(datetime.strptime(match[0], form).date())  # noqa: DTZ007 - a day, no moment
            except ValueError:
                continue
    return max(found, default=None)
