import json
from datetime import date, timedelta
from decimal import Decimal

import altair
import pytest

from coe_portal.core.charts import (
    Bar,
    Chart,
    Interval,
    Moment,
    Series,
    band,
    bars,
    chart_svg,
    describe,
    intervals,
    letter,
    lines,
)

START = date(2026, 1, 1)
REDEFINED = START + timedelta(days=30)


def days(*values):
    return [(START + timedelta(days=number), value) for number, value in enumerate(values)]


def lists_of(spec):
    return spec["data"]["values"][0]


ONE = lines([Series("Facebook", days(10, 12, None, 14))], unit="followers")
TWO = lines(
    [Series("Facebook", days(*range(60))), Series("X", days(*range(60)), breaks=[REDEFINED])],
    unit="views",
    breaks=[Moment(REDEFINED, "X counts views anew")],
    notes=[Moment(START, "Flu shots")],
)
SPECS = {
    "one line": ONE,
    "two lines with a break and a note": TWO,
    "a lonely point": lines([Series("X", days(None, 3, None))], unit="views"),
    "bars": bars([Bar("Calls", Decimal("12.5"), "12.5"), Bar("Donations", None, "not known")], unit="a month"),
    "grouped bars": bars([Bar("Dandelion", 18, "18 %", "2010"), Bar("Dandelion", 23.6, "23.6 %", "2012")], unit="%"),
    "intervals": intervals([Interval("Flu", -0.2, 0.4, 1.1, "-20 % to 110 %")], unit="return", zero_label="cost"),
    "band": band([(START, 1, 2, 3), (REDEFINED, None, None, None)], unit="return"),
}


@pytest.mark.parametrize("name", SPECS)
def test_specification_is_valid(name):
    altair.LayerChart.from_dict(SPECS[name])


@pytest.mark.parametrize("name", SPECS)
def test_specification_is_plain_json(name):
    assert json.loads(json.dumps(SPECS[name])) is not None


@pytest.mark.parametrize("name", SPECS)
def test_paper_draws_it(name):
    assert chart_svg(Chart("c", "A finding", SPECS[name], "In words", "Register")).startswith("<svg")


def test_a_gap_stays_null():
    assert lists_of(ONE)["values"] == [10, 12, None, 14]


def test_days_are_counted_from_1970_in_utc():
    assert lists_of(ONE)["days"] == [20454, 20455, 20456, 20457]
    assert ONE["layer"][0]["encoding"]["x"]["scale"] == {"type": "utc"}


def test_a_redefinition_begins_a_new_segment_of_its_own_line_only():
    facebook, x = TWO["data"]["values"]

    assert set(facebook["segments"]) == {0}
    assert x["segments"] == [0] * 30 + [1] * 30
    assert TWO["layer"][0]["encoding"]["detail"] == {"field": "segment"}


def test_a_redefinition_is_a_rule_with_its_reason():
    rule = next(layer for layer in TWO["layer"] if layer["mark"]["type"] == "rule")

    assert rule["data"]["values"] == [{"day": 1769817600000, "mark": "new definition", "label": "X counts views anew"}]


def test_a_day_between_two_gaps_is_drawn_as_a_point():
    layer = SPECS["a lonely point"]["layer"][1]

    assert layer["mark"]["type"] == "point"
    assert layer["data"]["values"][0]["values"] == [3]


def test_days_on_both_sides_of_a_redefinition_are_lonely_too():
    spec = lines([Series("X", days(None, 5, 7, None), breaks=[START + timedelta(days=2)])], unit="views")

    assert spec["layer"][1]["data"]["values"][0]["values"] == [5, 7]


def test_lines_differ_by_dash_as_well_as_colour():
    encoding = TWO["layer"][0]["encoding"]

    assert encoding["strokeDash"]["scale"]["domain"] == encoding["color"]["scale"]["domain"] == ["Facebook", "X"]


def test_a_bar_without_a_value_is_no_zero():
    assert SPECS["bars"]["data"]["values"][1]["value"] is None
    assert SPECS["bars"]["data"]["values"][1]["text"] == "not known"


def test_an_interval_without_a_likely_value_is_left_out():
    spec = intervals([Interval("A", 1, 2, 3, ""), Interval("B", None, None, None, "")], unit="return")

    assert [row["label"] for row in spec["data"]["values"]] == ["A"]


def test_decoration_is_kept_from_screen_readers():
    decoration = [layer["mark"] for layer in TWO["layer"] if layer["mark"]["type"] in {"rule", "text", "point"}]

    assert [mark["aria"] for mark in decoration] == [False] * len(decoration)


def test_what_follows_the_pointer_is_left_off_paper():
    svg = chart_svg(Chart("c", "A finding", ONE, "In words", "Register"))

    assert ONE["layer"][-1]["name"] == "hover"
    assert svg.count("layer_2_marks") == 0


def test_describe_says_where_it_starts_ends_and_lacks_figures():
    assert describe(Series("Followers", days(1200, 1100, None, 1500)), unit="people") == (
        "Followers: from 1,200 on Jan. 1, 2026 to 1,500 on Jan. 4, 2026; "
        "lowest 1,100 on Jan. 2, 2026, highest 1,500 on Jan. 4, 2026 (people). 1 day has no figure."
    )


def test_describe_knows_nothing_of_an_empty_line():
    assert describe(Series("Followers", days(None)), unit="people") == "Followers: no figures in this period."


def test_letters_go_on_after_z():
    assert [letter(0), letter(25), letter(26)] == ["A", "Z", "AA"]
