import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from coe_portal.core.sheets import COLUMNS_AT_MOST, Unreadable, decoded, read_sheets


def lines(content: bytes) -> list[tuple[int, list[str]]]:
    [sheet] = read_sheets(content)
    return list(sheet)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00",
        b"%PDF-1.7\n" + zlib.compress(b"a page of text, " * 40),
        b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 8 + b"\x03\x00>\x00",
    ],
)
def test_what_is_no_text_is_refused_with_a_way_out(content: bytes):
    with pytest.raises(Unreadable, match="Save"):
        lines(content)


def test_a_stray_nul_does_not_change_how_letters_are_read():
    assert lines(b"Name,Mail\nZo\x00\xc3\xab,z@x.example\n")[1] == (2, ["Zo\x00ë", "z@x.example"])


def test_a_cell_may_be_as_long_as_the_file():
    assert len(lines(b"Name,Mail\n" + b"x" * 1_000_000 + b",a\n")[1][1][0]) == 1_000_000


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=20), st.sampled_from(["utf-8", "utf-16"]))
def test_letters_survive_whatever_the_encoding(text: str, encoding: str):
    assert decoded(f"Name,Address,Department\n{text}".encode(encoding)).endswith(text)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes):
    try:
        for sheet in read_sheets(content):
            list(sheet)
    except Unreadable:
        return


def workbook(*rows: list[object]) -> bytes:
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def with_sheet(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with other bytes in its first sheet, as no spreadsheet program would write them."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, data.replace(old, new) if name == "xl/worksheets/sheet1.xml" else data)
    return out.getvalue()


def test_rows_of_a_workbook_are_as_wide_as_they_are():
    assert lines(workbook(["Number", "Mail", "Name"], [7, "a@x.example"], [8.0, None, "B"])) == [
        (1, ["Number", "Mail", "Name"]), (2, ["7", "a@x.example"]), (3, ["8", "", "B"]),
    ]  # fmt: skip


def test_a_workbook_with_too_many_columns_shows_one_more_than_is_possible():
    [(_line, cells)] = lines(workbook(["x"] * 2_000))
    assert len(cells) == COLUMNS_AT_MOST + 1


def test_endless_empty_rows_are_the_end_of_a_sheet():
    content = with_sheet(
        workbook(["Number", "Mail"], [1, "a@x.example"]), b"</sheetData>", b'<row r="999999999999"/></sheetData>'
    )

    found = [cells for _line, cells in lines(content) if cells]

    assert found == [["Number", "Mail"], ["1", "a@x.example"]]


def test_a_formula_is_read_as_what_it_gave():
    content = with_sheet(workbook(["Number", "Mail"], ["=1+6", "b"]), b"<f>1+6</f><v></v>", b"<f>1+6</f><v>7</v>")
    content = with_sheet(content, b"<f>1+6</f><v/>", b"<f>1+6</f><v>7</v>")

    assert lines(content)[1] == (2, ["7", "b"])


def test_a_formula_that_was_never_worked_out_is_refused_with_a_way_out():
    with pytest.raises(Unreadable, match="formulas without results"):
        lines(workbook(["Number", "Mail"], ["=1+6", "b"]))


def test_letters_of_four_bytes_are_read():
    assert decoded("Name,Mail\nZoë,z@x.example\n".encode("utf-32")).startswith("Name,Mail\nZoë")
