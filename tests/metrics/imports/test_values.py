from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from metrics.imports.values import BadCell, day, moment, number, whole_id


@pytest.mark.parametrize(
    ("cell", "value"),
    [("29.0", "29"), ("1,234", "1234"), ("1,234,567.5", "1234567.5"), ("-3", "-3"), ("1000", "1000"), ("0", "0")],
)
def test_numbers_as_networks_write_them(cell: str, value: str) -> None:
    assert str(number(cell, "views")) == value


@pytest.mark.parametrize("cell", ["=1+1", "12 %", "many", "inf", "nan", "1,23", "1e99"])
def test_what_is_no_number(cell: str) -> None:
    with pytest.raises(BadCell, match="is not a number"):
        number(cell, "views")


def test_figures_keep_four_decimals() -> None:
    assert number("65850.70421", "watch time") == Decimal("65850.7042")


@pytest.mark.parametrize(
    "cell", ["2020-05-08", "2020/05/08", "05/08/2020", "May 8, 2020", "2020-05-08T01:00:00", "2020-05-08 23:59:59"]
)
def test_a_day_is_never_moved_by_its_stamp(cell: str) -> None:
    assert day(cell, "date") == date(2020, 5, 8)


def test_a_time_without_a_zone_is_of_the_channels_place() -> None:
    zone = ZoneInfo("America/New_York")

    assert moment("05/08/2020 10:15", "time", zone) == datetime(2020, 5, 8, 10, 15, tzinfo=zone)
    assert moment("2020-05-08 10:15 +0000", "time", zone) == datetime(2020, 5, 8, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["", "31/31/2020", "soon"])
def test_what_is_no_day_and_no_time(cell: str) -> None:
    with pytest.raises(BadCell):
        day(cell, "date")
    with pytest.raises(BadCell):
        moment(cell, "time")


@pytest.mark.parametrize("cell", ["1.22158E+17", "1,22158E+17", ""])
def test_a_rounded_id_is_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        whole_id(cell, "post id")
