from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from coe_portal.core import sheets
from coe_portal.core.sheets import Unreadable
from metrics.imports import reading
from metrics.imports.reading import last_day_in, plain, read_tables


def names_and_cells(content: bytes) -> tuple[list[str], list[list[str]]]:
    [table] = read_tables(content)
    return table.names, [list(row.cells.values()) for row in table.rows]


@pytest.mark.parametrize(
    "content",
    [
        b"Date,Views\r\n2026-01-01,5\r\n",
        b"\xef\xbb\xbfDate,Views\n2026-01-01,5",
        b"Date;Views\n2026-01-01;5\n",
        b"Date\tViews\n2026-01-01\t5\n",
        b"sep=;\nDate;Views\n2026-01-01;5\n",
        'sep=,\r\n"Title of it"\r\n"Date","Views"\r\n"2026-01-01","5"\r\n'.encode("utf-16"),
        "Date,Views\n2026-01-01,5\n".encode("utf-16-le"),
        b"# Report\n# Property: x, y\n#\nDate,Views\n2026-01-01,5\n\n",
    ],
)
def test_a_table_is_found_whatever_wraps_it(content: bytes) -> None:
    assert names_and_cells(content) == (["date", "views"], [["2026-01-01", "5"]])


def test_lines_are_counted_as_an_editor_does() -> None:
    [table] = read_tables(b'sep=,\nTitle\nId,Text\n1,"two\nlines"\n2,one\n')

    assert ([row.line for row in table.rows], table.titles) == ([4, 6], ["Title"])


def test_the_first_of_two_columns_with_one_name_is_read() -> None:
    assert names_and_cells(b"Views,Reach,Views\n1,2,3\n") == (["views", "reach"], [["1", "2"]])


def test_names_differ_by_nothing_that_cannot_be_seen() -> None:
    assert plain("Com\u00adments  ad\u00added\u00a0") == plain("comments added") == "comments added"


def test_letters_of_an_old_computer_are_read() -> None:
    assert names_and_cells("Name,Views\nCafé,1\n".encode("cp1252"))[1] == [["Café", "1"]]


def workbook(*rows: list) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_excel_files_are_read_with_their_dates() -> None:
    content = workbook(["Content of the page"], ["Date", "Impressions (total)"], [date(2026, 1, 1), 5])

    assert names_and_cells(content) == (["date", "impressions (total)"], [["2026-01-01", "5"]])


def test_a_formula_is_never_computed() -> None:
    with pytest.raises(Unreadable, match="formulas without results"):
        names_and_cells(workbook(["Date", "Views"], ["2026-01-01", "=1+1"]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 nonsense", "damaged"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel file"),
        (b"a,b\n" + b"x" * 60_000 + b",1\n", "Line 2 is too long"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        read_tables(content)


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(sheets, "UNPACKED_AT_MOST", 1_000)

    with pytest.raises(Unreadable, match="unpacks"):
        read_tables(workbook(["Date", "Views"]))


def test_too_many_rows_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(reading, "ROWS_AT_MOST", 2)

    with pytest.raises(Unreadable, match="more than 2 rows"):
        read_tables(b"a,b\n1,2\n1,2\n1,2\n")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("tweet_activity_metrics_Riverbend_20180401_20180501_en.csv", date(2018, 5, 1)),
        ("Jan-14-2025_Apr-14-2025_1396269028466733.csv", date(2025, 4, 14)),
        ("export 2026-02-30.csv", None),
        ("Views.csv", None),
    ],
)
def test_a_files_name_may_tell_its_last_day(name: str, day: date | None) -> None:
    assert last_day_in(name) == day
