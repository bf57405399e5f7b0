from datetime import date

import pytest

from coe_portal.core.sheets import Unreadable
from coe_portal.directory.reading import Reader, open_file, parse_date

LAST_OF_MARCH = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2026-03-31", "month"), ("2026-03-31T00:00:00+00:00", "iso"), ("20260331", "iso"), ("46112", "iso"),
        ("31-Mar-2026", "iso"), ("31-MAR-26", "month"), ("March 31, 2026", "day"), ("Mar. 31 2026", "iso"),
        ("31 de marzo de 2026", "iso"), ("3/31/2026", "month"), ("3/31/26", "month"), ("31.03.2026", "day"),
        ("3/31/2026 12:00:00 AM", "month"),
    ],
)  # fmt: skip
def test_days_are_understood_however_they_are_written(text: str, dates: str):
    assert parse_date(text, dates) == LAST_OF_MARCH


@pytest.mark.parametrize(
    "text", ["0000-00-00", "2026-02-31", "31 Foo 2026", "3/31/26", "yesterday", "99999999", "12345"]
)
def test_what_is_no_day_is_none(text: str):
    with pytest.raises(ValueError, match=r"."):
        parse_date(text, "iso")


def test_a_short_year_is_of_the_century_that_people_work_in():
    assert (parse_date("5/1/62", "month").year, parse_date("5/1/19", "month").year) == (1962, 2019)


def test_more_columns_than_possible_are_named_as_the_trouble():
    wide = ",".join(f"c{number}" for number in range(10_000)).encode()
    with pytest.raises(Unreadable, match="more than 300 columns"):
        open_file("people", wide + b"\n" + wide)


def test_what_a_failed_formula_left_is_no_value():
    reader = Reader(
        "people", ["Number", "Mail", "Name"], {"employee_number": 0, "email": 1, "name": 2}, "iso", LAST_OF_MARCH
    )

    row = reader.row(2, ["#N/A", "a@x.example", "Ana"])

    assert [(each.column, each.reason) for each in row.problems] == [
        ("Number", "The formula in this cell failed. Correct it and save the file.")
    ]
