"""From the bytes of an export to tables: whatever the network, the spreadsheet program and the computer did to it."""

import codecs
import csv
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import zip_longest

from django.utils.translation import gettext as _
from openpyxl import load_workbook

BYTES_AT_MOST = 20 * 1024 * 1024
ROWS_AT_MOST = 100_000
COLUMNS_AT_MOST = 300
CELL_AT_MOST = 50_000
UNPACKED_AT_MOST = 100 * 1024 * 1024
MEMBERS_AT_MOST = 1_000
TITLE_LINES_AT_MOST = 12

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UNKNOWN = {"", "-", "--", "nan", "n/a", "null", "none"}


class Unreadable(Exception):
    """Why the file cannot be read, in words for the person who brought it."""


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
    if len(content) > BYTES_AT_MOST:
        raise Unreadable(_("The file is larger than %(n)s MB.") % {"n": BYTES_AT_MOST // 1_048_576})
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if content.startswith(b"PK"):
        return [table for sheet in _sheets(content) for table in _tables(sheet)]
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("This is an old Excel file (.xls). Open it and save it as .xlsx or as CSV."))
    return list(_tables(_lines(_decoded(content))))


def _decoded(content: bytes) -> str:
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return _decode(content, encoding)
    if b"\x00" in content[:4_000]:
        return _decode(content, "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _decode(content, "cp1252")


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(_("The letters of this file cannot be read. Save it as CSV in UTF-8.")) from error


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered lines of cells; a "sep=" line says what stands between them, otherwise the first lines do."""
    told = re.match(r"sep=(.)\r?\n", text)
    body = text[told.end() :] if told else text
    first = 2 if told else 1
    reader = csv.reader(StringIO(body, newline=""), delimiter=told[1] if told else _delimiter(body))
    line = first
    try:
        for cells in reader:
            yield line, cells
            line = first + reader.line_num
    except csv.Error as error:
        raise Unreadable(_("Line %(line)s cannot be read as CSV.") % {"line": line}) from error


def _delimiter(text: str) -> str:
    """The candidate of which the fullest of the first lines holds most."""
    first = [line for line in text[:20_000].splitlines()[:TITLE_LINES_AT_MOST] if not line.startswith("#")]
    return max(",;\t", key=lambda each: max((line.count(each) for line in first), default=0))


def _sheets(content: bytes) -> Iterator[Iterator[tuple[int, list[str]]]]:
    _refuse_bombs(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as error:
        raise Unreadable(_("This Excel file is damaged, or it is protected by a password.")) from error
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        yield (
            (number, [_cell(value) for value in row])
            for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMNS_AT_MOST), start=1)
        )


def _refuse_bombs(content: bytes) -> None:
    try:
        members = zipfile.ZipFile(BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise Unreadable(_("This Excel file is damaged.")) from error
    if len(members) > MEMBERS_AT_MOST or sum(each.file_size for each in members) > UNPACKED_AT_MOST:
        raise Unreadable(_("This file unpacks to more than %(n)s MB.") % {"n": UNPACKED_AT_MOST // 1_048_576})


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != value.min.time() else value.date().isoformat()
    return "" if value is None else str(value)


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
