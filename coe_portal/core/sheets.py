"""From the bytes of a file to numbered lines of cells: whatever a spreadsheet program or a computer did to it."""

import codecs
import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

Lines = Iterator[tuple[int, list[str]]]

BYTES_AT_MOST = 20 * 1024 * 1024
COLUMNS_AT_MOST = 300
UNPACKED_AT_MOST = 100 * 1024 * 1024
MEMBERS_AT_MOST = 1_000
LINES_THAT_TELL = 12

# A longer run of empty rows is the end of a sheet: programs write a million of them behind the last one.
EMPTY_ROWS_AT_MOST = 10_000

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a file of text never holds, apart from a stray NUL that the line it is on is blamed for.
NOT_TEXT = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
# A formula whose result was never worked out: nothing, or an empty value, stands behind it.
UNCALCULATED = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")

# One cell may be as long as the file; whoever reads it says that it is too long, and where.
csv.field_size_limit(2 * BYTES_AT_MOST)


class Unreadable(Exception):
    """Why the file cannot be read, in words for the person who brought it."""


def read_sheets(content: bytes) -> Iterator[Lines]:
    """The lines of every sheet; a CSV file is one sheet. Raises Unreadable, also while lines are read."""
    if len(content) > BYTES_AT_MOST:
        raise Unreadable(_("The file is larger than %(n)s MB.") % {"n": BYTES_AT_MOST // 1_048_576})
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if content.startswith(b"PK"):
        yield from _sheets(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("This is an old Excel file (.xls). Open it and save it as .xlsx or as CSV."))
    else:
        yield _lines(decoded(content))


def decoded(content: bytes) -> str:
    """UTF-8 or UTF-16, with or without their marks, or Windows-1252. Raises Unreadable for anything else."""
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return _decode(content, encoding)
    wide = _wide_encoding(content[:4_000])
    if wide:
        return _decode(content, wide)
    try:
        return _decode(content, "utf-8")
    except Unreadable:
        return _decode(content, "cp1252")


def _wide_encoding(first: bytes) -> str:
    """UTF-16 without its mark: Latin letters leave every other byte empty."""
    if first[1::2].count(0) > len(first) / 5:
        return "utf-16-le"
    return "utf-16-be" if first[::2].count(0) > len(first) / 5 else ""


def _decode(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(_("The letters of this file cannot be read. Save it as CSV in UTF-8.")) from error
    if NOT_TEXT.search(text[:4_000]):
        raise Unreadable(_("This is not a file of text. Save the table as CSV (UTF-8) or as .xlsx and try again."))
    return text


def _lines(text: str) -> Lines:
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
    first = [line for line in text[:20_000].splitlines()[:LINES_THAT_TELL] if not line.startswith("#")]
    return max(",;\t|", key=lambda each: max((line.count(each) for line in first), default=0))


def _sheets(content: bytes) -> Iterator[Lines]:
    _refuse_bombs(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise Unreadable(_("This Excel file is damaged, or it is protected by a password.")) from error
    _refuse_uncalculated(content)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        yield _rows(sheet)


def _rows(sheet: Any) -> Lines:
    """The rows as wide as they are. One column more than is possible tells that there are too many."""
    empty = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_cell(value) for value in row[: COLUMNS_AT_MOST + 1]]
        while cells and not cells[-1]:
            cells.pop()
        empty = 0 if cells else empty + 1
        if empty > EMPTY_ROWS_AT_MOST:
            return
        yield number, cells


def _refuse_bombs(content: bytes) -> None:
    try:
        members = zipfile.ZipFile(BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise Unreadable(_("This Excel file is damaged.")) from error
    if len(members) > MEMBERS_AT_MOST or sum(each.file_size for each in members) > UNPACKED_AT_MOST:
        raise Unreadable(_("This file unpacks to more than %(n)s MB.") % {"n": UNPACKED_AT_MOST // 1_048_576})


def _refuse_uncalculated(content: bytes) -> None:
    """What a formula gives is read as the program that saved the file had worked it out."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for each in archive.infolist():
            if each.filename.startswith("xl/worksheets/") and each.filename.endswith(".xml"):
                sheet = archive.read(each)
                if b"<f" in sheet and UNCALCULATED.search(sheet):
                    raise Unreadable(
                        _("The file holds formulas without results. Open it in Excel, save it, and hand it in again.")
                    )


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != value.min.time() else value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
