"""Rows out as CSV or XLSX, so that no cell is taken for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import Promise
from openpyxl import Workbook

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe_cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return "" if value is None else value


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv_lines(header: Sequence[str | Promise], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([str(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def csv_response(name: str, header: Sequence[str | Promise], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    response = StreamingHttpResponse(_csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_response(name: str, header: Sequence[str | Promise], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([str(cell) for cell in header])
    for row in rows:
        sheet.append([safe_cell(cell) for cell in row])
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def csv_text(header: Sequence[str | Promise], rows: Iterable[Sequence[object]]) -> str:
    return "".join(_csv_lines(header, rows))
