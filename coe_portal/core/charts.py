"""Charts as data: one Vega-Lite specification that the page, the mail and the paper draw.

A line travels as two lists, its days (counted from 1970, in UTC, so that no reader's time zone moves a figure to the
day before) and its values, where null is a gap. CSV would be as short, but browsers may not run the parser: it makes
code from the column names, which our content security policy forbids.
"""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

Spec = dict[str, Any]
Number = int | float | Decimal
Point = tuple[date, Number | None]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
HEIGHT = 240
# What is written at the end of the longest bar would be cut off at the edge.
ROOM_FOR_TEXT = {"left": 5, "top": 5, "right": 56, "bottom": 5}
EPOCH = date(1970, 1, 1).toordinal()
DASHES = [[1, 0], [6, 3], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2]]
GAPS = "break-paths-show-path-domains"
# On paper there is no theme to ask: the light colours of the page.
# Whose names of months paper shows; English needs none.
MONTHS = {"es": "es-MX"}
DAYS = {"en": "%B %-d, %Y", "es": "%-d de %B de %Y"}
PAPER = ["#0b5f63", "#c25e22", "#4a3a80", "#a8842a", "#b13a72", "#4584b5"]


@dataclass(frozen=True)
class Chart:
    """`title` says the finding; `rows` are the figures behind the toggle, as they are to be read."""

    id: str
    title: str
    spec: Spec
    alt: str
    source: str
    source_url: str = ""
    age: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    demo: bool = False


@dataclass(frozen=True)
class Series:
    """A line. A day with None, or a day left out between two others, is a gap."""

    name: str
    points: Sequence[Point]
    breaks: Sequence[date] = field(default=())


@dataclass(frozen=True)
class Moment:
    """A day that the reader should know of: a definition that changed, a campaign that began."""

    day: date
    label: str


@dataclass(frozen=True)
class Bar:
    """`text` is the value as it is to be read; a bar without a value shows its text alone."""

    label: str
    value: Number | None
    text: str
    group: str = ""


@dataclass(frozen=True)
class Interval:
    label: str
    low: Number | None
    likely: Number | None
    high: Number | None
    text: str


def lines(
    series: Sequence[Series],
    *,
    unit: str,
    breaks: Sequence[Moment] = (),
    notes: Sequence[Moment] = (),
    zero: bool = False,
    height: int = HEIGHT,
) -> Spec:
    """Lines over days, broken at gaps and at redefinitions; notes are lettered marks along the top."""
    names = [each.name for each in series]
    layers = [_line_layer(unit, names, zero=zero, split=_is_split(series)), *_lonely_points(series, names)]
    if breaks:
        layers += _break_layers(breaks)
    if notes:
        layers.append(_note_layer(notes))
    layers.append(_hover_layer(unit, names))
    return {**_base(height), **_series_data(series), "layer": layers}


def band(points: Sequence[tuple[date, Number | None, Number | None, Number | None]], *, unit: str) -> Spec:
    """Low to high as an area with the likely value as a line."""
    rows = [
        {"day": _milliseconds(day), "low": _plain(low), "likely": _plain(likely), "high": _plain(high)}
        for day, low, likely, high in points
    ]
    x = _days()
    area = {
        "mark": {"type": "area", "line": False, "opacity": 0.18, "invalid": GAPS, "aria": False},
        "encoding": {"x": x, "y": {"field": "low", "type": "quantitative", "title": unit}, "y2": {"field": "high"}},
    }
    line = {
        "mark": {"type": "line", "invalid": GAPS, "point": True},
        "encoding": {"x": x, "y": {"field": "likely", "type": "quantitative", "title": unit}},
    }
    return {**_base(HEIGHT), "data": {"values": rows}, "layer": [area, line]}


def bars(items: Sequence[Bar], *, unit: str = "", step: int = 30) -> Spec:
    """Bars from left to right in the order given, each with its value written at its end."""
    grouped = any(item.group for item in items)
    y = _labels(item.label for item in items)
    encoding: Spec = {"y": y, "x": _amount(unit)}
    if grouped:
        groups = list(dict.fromkeys(item.group for item in items))
        encoding["yOffset"] = {"field": "group", "sort": groups}
        legend = {"symbolType": "square", "symbolSize": 140, "symbolStrokeWidth": 0}
        encoding["color"] = {"field": "group", "type": "nominal", "sort": groups, "title": None, "legend": legend}
    bar = {"mark": {"type": "bar"}, "encoding": encoding}
    text_encoding = {key: value for key, value in encoding.items() if key != "color"}
    text = {
        "mark": {"type": "text", "align": "left", "dx": 6, "aria": False},
        "encoding": {**text_encoding, "x": {**encoding["x"], "field": "end"}, "text": {"field": "text"}},
    }
    rows = [{**asdict(item), "value": _plain(item.value), "end": _plain(item.value or 0)} for item in items]
    height = {"step": step * 0.75, "for": "offset"} if grouped else {"step": step}
    return {**_base(height), "padding": ROOM_FOR_TEXT, "data": {"values": rows}, "layer": [bar, text]}


def intervals(items: Sequence[Interval], *, unit: str, zero_label: str = "") -> Spec:
    """Low to high as a line with the likely value as a diamond; the rule at zero is where nothing is gained."""
    known = [item for item in items if item.likely is not None]
    rows = [
        {**asdict(item), "low": _plain(item.low), "likely": _plain(item.likely), "high": _plain(item.high)}
        for item in known
    ]
    y = _labels(item.label for item in known)
    tooltip = [{"field": "label", "title": " "}, {"field": "text", "title": unit}]
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 5, "strokeCap": "round", "opacity": 0.35},
            "encoding": {"y": y, "x": _amount(unit, field_name="low"), "x2": {"field": "high"}, "tooltip": tooltip},
        },
        {
            "mark": {"type": "point", "shape": "diamond", "size": 130, "filled": True, "opacity": 1},
            "encoding": {"y": y, "x": _amount(unit, field_name="likely"), "tooltip": tooltip},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 10, "aria": False},
            "encoding": {"y": y, "x": _amount(unit, field_name="high"), "text": {"field": "text"}},
        },
        {
            "data": {"values": [{"at": 0}]},
            "mark": {"type": "rule", "strokeDash": [4, 3], "aria": False},
            "encoding": {"x": {"field": "at", "type": "quantitative"}},
        },
    ]
    if zero_label:
        layers.append(
            {
                "data": {"values": [{"at": 0, "label": zero_label}]},
                "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "dy": -4, "aria": False},
                "encoding": {
                    "x": {"field": "at", "type": "quantitative"},
                    "y": {"value": 0},
                    "text": {"field": "label"},
                },
            }
        )
    return {**_base({"step": 42}), "padding": ROOM_FOR_TEXT, "data": {"values": rows}, "layer": layers}


def describe(series: Series, *, unit: str) -> str:
    """A line in words: where it starts and ends, its extremes, and how many days have no figure."""
    known = [(day, value) for day, value in series.points if value is not None]
    if not known:
        return _("%(name)s: no figures in this period.") % {"name": series.name}
    low, high = min(known, key=lambda point: point[1]), max(known, key=lambda point: point[1])
    sentence = _(
        "%(name)s: from %(first)s on %(first_day)s to %(last)s on %(last_day)s; "
        "lowest %(low)s on %(low_day)s, highest %(high)s on %(high_day)s (%(unit)s)."
    ) % {
        "name": series.name,
        "unit": unit,
        **_named("first", known[0]),
        **_named("last", known[-1]),
        **_named("low", low),
        **_named("high", high),
    }
    missing = len(series.points) - len(known)
    gaps = ngettext("%(count)d day has no figure.", "%(count)d days have no figure.", missing) % {"count": missing}
    return f"{sentence} {gaps}" if missing else sentence


def letter(position: int) -> str:
    """A, B, C ... for the notes along the top of a chart and in the list below it."""
    return chr(ord("A") + position) if position < 26 else f"A{letter(position - 26)}"


def chart_svg(chart: Chart, *, width: int = 640) -> str:
    """The chart on paper. The drawing library is loaded at the first use: most processes never draw."""
    spec = {
        **chart.spec,
        "width": width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": paper_config(),
        "layer": [layer for layer in chart.spec["layer"] if layer.get("name") != "hover"],
    }
    svg: str = _drawing().vegalite_to_svg(spec, time_format_locale=MONTHS.get(get_language() or "en"))
    return svg


def paper_config() -> Spec:
    ink, soft, line = "#16292c", "#4a5b5e", "#dcdcd2"
    return {
        "background": "white",
        "font": "Source Sans 3",
        "view": {"stroke": None},
        "range": {"category": PAPER},
        "mark": {"color": PAPER[0]},
        "line": {"strokeWidth": 2, "invalid": GAPS},
        "rule": {"color": soft},
        "text": {"color": ink, "fontSize": 12},
        "axis": {"labelColor": soft, "titleColor": soft, "gridColor": line, "labelFontSize": 12, "titleFontSize": 12},
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False},
        "legend": {"orient": "top", "labelFontSize": 12, "labelColor": ink},
    }


@cache
def _drawing() -> Any:
    return importlib.import_module("vl_convert")


def _base(height: int | Spec) -> Spec:
    """The width is left to the page; a height in steps cannot be fitted, it follows from the number of rows."""
    fit = "fit" if isinstance(height, int) else "fit-x"
    return {"$schema": SCHEMA, "height": height, "autosize": {"type": fit, "contains": "padding"}}


def _plain(value: Number | None) -> int | float | None:
    """A number as JSON writes it; Decimal would become text."""
    return float(value) if isinstance(value, Decimal) else value


def _milliseconds(day: date) -> int:
    return (day.toordinal() - EPOCH) * 86_400_000


def _series_data(series: Sequence[Series]) -> Spec:
    split = _is_split(series)
    fields = {"days": "number", "values": "value", **({"segments": "segment"} if split else {})}
    return {
        "data": {"values": [_series_lists(each, split=split) for each in series]},
        "transform": [
            {"flatten": list(fields), "as": list(fields.values())},
            {"calculate": "datum.number * 86400000", "as": "day"},
        ],
    }


def _is_split(series: Sequence[Series]) -> bool:
    return any(each.breaks for each in series)


def _series_lists(series: Series, *, split: bool) -> Spec:
    """`segments` counts the redefinitions before each day: a line never runs from one segment to the next."""
    lists = {
        "series": series.name,
        "days": [day.toordinal() - EPOCH for day, _value in series.points],
        "values": [_plain(value) for _day, value in series.points],
    }
    if not split:
        return lists
    return {**lists, "segments": [sum(change <= day for change in series.breaks) for day, _value in series.points]}


def _days() -> Spec:
    axis = {"labelOverlap": True, "tickCount": 6}
    return {"field": "day", "type": "temporal", "scale": {"type": "utc"}, "title": None, "axis": axis}


def _value(unit: str, *, zero: bool = False) -> Spec:
    return {
        "field": "value",
        "type": "quantitative",
        "title": unit,
        "scale": {"zero": zero, "nice": True},
        "axis": {"format": "~s", "tickCount": 5},
    }


def _amount(unit: str, field_name: str = "value") -> Spec:
    return {
        "field": field_name,
        "type": "quantitative",
        "title": unit or None,
        "scale": {"nice": True},
        "axis": {"tickCount": 5, "grid": True},
    }


def _labels(labels: Iterable[str]) -> Spec:
    """In the order given: left alone, rows without a value would move to the end."""
    axis = {"domain": False, "ticks": False, "labelLimit": 220}
    return {"field": "label", "type": "nominal", "sort": list(dict.fromkeys(labels)), "title": None, "axis": axis}


def _by_series(names: Sequence[str]) -> Spec:
    """Colour and dash as one legend entry, which takes the same domain and symbol for both."""
    if len(names) < 2:
        return {}
    legend = {"symbolType": "stroke", "symbolStrokeWidth": 2.25, "symbolSize": 300, "labelLimit": 240}
    shared = {"field": "series", "type": "nominal", "title": None, "legend": legend}
    return {
        "color": {**shared, "scale": {"domain": list(names)}},
        "strokeDash": {**shared, "scale": {"domain": list(names), "range": DASHES}},
    }


def _colour_only(names: Sequence[str]) -> Spec:
    return {"color": _by_series(names)["color"]} if len(names) > 1 else {}


def _line_layer(unit: str, names: Sequence[str], *, zero: bool, split: bool) -> Spec:
    encoding = {"x": _days(), "y": _value(unit, zero=zero), **_by_series(names)}
    if split:
        encoding["detail"] = {"field": "segment"}
    return {"mark": {"type": "line", "invalid": GAPS}, "encoding": encoding}


def _lonely_points(series: Sequence[Series], names: Sequence[str]) -> list[Spec]:
    """A single day between two gaps has no line to lie on: it is drawn as a point, or nobody would see it."""
    lonely = [Series(each.name, _lonely(each)) for each in series]
    if not any(each.points for each in lonely):
        return []
    encoding = {"x": _days(), "y": {"field": "value", "type": "quantitative"}, **_colour_only(names)}
    mark = {"type": "point", "filled": True, "size": 36, "opacity": 1, "aria": False}
    return [{**_series_data(lonely), "mark": mark, "encoding": encoding}]


def _lonely(series: Series) -> list[Point]:
    points, changes = series.points, set(series.breaks)
    return [
        (day, value)
        for index, (day, value) in enumerate(points)
        if value is not None
        and (index == 0 or points[index - 1][1] is None or day in changes)
        and (index + 1 == len(points) or points[index + 1][1] is None or points[index + 1][0] in changes)
    ]


def _moments(moments: Sequence[Moment], labels: Sequence[str]) -> Spec:
    return {
        "values": [
            {"day": _milliseconds(moment.day), "mark": label, "label": moment.label}
            for moment, label in zip(moments, labels, strict=True)
        ]
    }


def _break_layers(breaks: Sequence[Moment]) -> list[Spec]:
    data = _moments(breaks, [_("new definition")] * len(breaks))
    tooltip = [{"field": "label", "title": " "}]
    x = _days()
    return [
        {
            "data": data,
            "mark": {"type": "rule", "strokeDash": [3, 3], "strokeWidth": 1.5, "aria": False},
            "encoding": {"x": x, "tooltip": tooltip},
        },
        {
            "data": data,
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "top",
                "dx": 4,
                "dy": 2,
                "fontSize": 12,
                "aria": False,
            },
            "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "mark"}, "tooltip": tooltip},
        },
    ]


def _note_layer(notes: Sequence[Moment]) -> Spec:
    return {
        "data": _moments(notes, [letter(position) for position in range(len(notes))]),
        "mark": {"type": "text", "baseline": "bottom", "dy": -6, "fontSize": 12, "fontWeight": 700, "aria": False},
        "encoding": {
            "x": _days(),
            "y": {"value": 0},
            "text": {"field": "mark"},
            "tooltip": [{"field": "mark", "title": " "}, {"field": "label", "title": " "}],
        },
    }


def _hover_layer(unit: str, names: Sequence[str]) -> Spec:
    """The point nearest to the pointer appears with its exact value; drawn in the browser only."""
    tooltip = [
        {
            "field": "day",
            "type": "temporal",
            "timeUnit": "utcyearmonthdate",
            "format": _day_format(),
            "title": _("Day"),
        },
        {"field": "value", "type": "quantitative", "format": ",~f", "title": unit},
    ]
    encoding: Spec = {
        "x": _days(),
        "y": {"field": "value", "type": "quantitative"},
        "opacity": {"condition": {"param": "near", "empty": False, "value": 1}, "value": 0},
        "tooltip": [{"field": "series", "type": "nominal", "title": " "}, *tooltip] if len(names) > 1 else tooltip,
        **_colour_only(names),
    }
    near = {"type": "point", "nearest": True, "on": "pointerover", "clear": "pointerout", "fields": ["day"]}
    return {
        "name": "hover",
        "params": [{"name": "near", "select": near}],
        "mark": {"type": "point", "filled": True, "size": 60, "aria": False},
        "encoding": encoding,
    }


def _day_format() -> str:
    """The order in which the language writes a date; the page has the names of its months."""
    return DAYS.get(get_language() or "en", DAYS["en"])


def _named(prefix: str, point: tuple[date, Number]) -> dict[str, str]:
    day, value = point
    return {
        prefix: formats.number_format(value, use_l10n=True, force_grouping=True),
        f"{prefix}_day": formats.date_format(day, "DATE_FORMAT"),
    }
