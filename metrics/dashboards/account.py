"""The dashboard of one account: what it shows, put together from five queries whatever the range."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from coe_portal.channels.models import Channel
from coe_portal.core.charts import Moment, letter
from metrics.collection.dictionary import NUMBERS, label_of, unit_of
from metrics.collection.models import MonthlyRollup
from metrics.collection.queries import coverage
from metrics.dashboards.charts import channel_chart, days_text
from metrics.dashboards.models import EventNote
from metrics.dashboards.queries import Sum, breaks_of, lines, sums
from metrics.dashboards.rates import DIVISORS, formula, rate
from metrics.templatetags.figures import figure, percent_plain
from metrics.tiles import Tile

COUNTED = (
    "engagements",
    "reach",
    "impressions",
    "views",
    "video_views",
    "reactions",
    "replies",
    "shares",
    "link_clicks",
)
METRICS = ("followers", "posts", *COUNTED)
CHARTS = ("followers", "engagements", "posts")
LONGEST_DAYS = 1_100
EARLIEST_YEAR = 1990  # before it nobody had figures, and the calendar ends


@dataclass(frozen=True)
class Span:
    """Whole days, both ends included."""

    start: date
    end: date

    @property
    def query(self) -> str:
        return f"from={self.start}&to={self.end}"

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def span_asked(params: Mapping[str, str], today: date) -> Span:
    """From the address; today is left out, since no network has finished counting it."""
    yesterday = today - timedelta(days=1)
    try:
        start, end = date.fromisoformat(params.get("from", "")), date.fromisoformat(params.get("to", ""))
    except ValueError:
        return Span(yesterday - timedelta(days=364), yesterday)
    end = min(end, yesterday)
    if start > end or end.year < EARLIEST_YEAR:
        return Span(yesterday - timedelta(days=364), yesterday)
    return Span(max(start, end - timedelta(days=LONGEST_DAYS - 1)), end)


def dashboard(channel: Channel, span: Span) -> dict[str, Any]:
    breaks = breaks_of(channel.network)
    found = lines(channel.pk, CHARTS, span.start, span.end)
    totals = sums(
        channel, METRICS, span.start, span.end, {key: [day for day, _why in days] for key, days in breaks.items()}
    )
    notes = list(EventNote.objects.for_channel(channel).between(span.start, span.end).order_by("day"))
    moments = [Moment(max(note.day, span.start), note.title) for note in notes]
    url = reverse("metrics:days", args=[channel.pk])
    shown = [metric for metric in METRICS if totals[metric].days or totals[metric].change.ratio is not None]
    return {
        "channel": channel,
        "span": span,
        "tiles": _tiles(channel, totals, found.is_demo, f"{url}?{span.query}"),
        "charts": [
            channel_chart(
                channel, metric, found, totals[metric], breaks.get(metric, []), moments, source_of(totals[metric]),
                f"{url}?{span.query}",
            )
            for metric in CHARTS
            if metric in shown
        ],
        "notes": [(letter(position), note) for position, note in enumerate(notes)],
        "breaks": _breaks_within(breaks, span, shown),
        "metrics": [(label_of(metric), unit_of(metric)) for metric in shown],
        "months": _months(channel, shown, span),
        "gaps": coverage([channel.pk], _main(shown), span.start, span.end) if shown else None,
        "is_demo": found.is_demo,
    }  # fmt: skip


def source_of(total: Sum) -> str:
    return str(total.source.label) if total.source is not None else _("none yet")


def _main(shown: Sequence[str]) -> str:
    return "followers" if "followers" in shown else shown[0]


def _tiles(channel: Channel, totals: Mapping[str, Sum], is_demo: bool, url: str) -> list[Tile]:  # noqa: FBT001
    tiles = [_tile(totals[metric], is_demo, url) for metric in ("followers", "engagements", "posts")]
    found = rate(channel.network, {metric: total.value for metric, total in totals.items()})
    if found is None:
        return tiles
    engagements, base = totals["engagements"], totals[DIVISORS[channel.network]]
    value = "" if found.value is None else percent_plain(found.value, 1)
    weaker = min(engagements, base, key=lambda total: total.days)
    rate_tile = Tile(
        label=_("Engagement rate"),
        value=value,
        note=formula(channel.network),
        source=source_of(base),
        source_url=url,
        age=_age(base),
        coverage=days_text(weaker),
        is_demo=is_demo,
    )
    return [*tiles, rate_tile]


def _tile(total: Sum, is_demo: bool, url: str) -> Tile:  # noqa: FBT001
    change = total.change
    said = "" if total.value is None else change.reason
    if change.ratio is not None:
        said = _("%(change)s %% against the period before") % {"change": formats.number_format(change.ratio * 100, 1)}
    value = "" if total.value is None else figure(total.value)
    return Tile(
        label=label_of(total.metric),
        value=value,
        unit=unit_of(total.metric),
        change=said,
        trend=change.trend,
        source=source_of(total),
        source_url=url,
        age=_age(total),
        coverage=days_text(total),
        is_demo=is_demo,
    )


def _age(total: Sum) -> str:
    return _("as of %(day)s") % {"day": formats.date_format(total.as_of, "DATE_FORMAT")} if total.as_of else ""


def _breaks_within(
    breaks: Mapping[str, Sequence[tuple[date, str]]], span: Span, shown: Sequence[str]
) -> list[tuple[str, date, str]]:
    return [
        (label_of(metric), day, reason)
        for metric in shown
        for day, reason in breaks.get(metric, ())
        if span.start < day <= span.end
    ]


def _months(channel: Channel, shown: Sequence[str], span: Span) -> list[tuple[date, str, SafeString]]:
    """The newest month first: its first day, its range as a query, and its cells, which are joined here: a template
    would take longer over a hundred cells than the database over all days.
    """
    unknown = conditional_escape(_("not known"))
    found: dict[date, dict[int, str]] = {}
    rows = MonthlyRollup.objects.filter(
        scope=MonthlyRollup.Scope.CHANNEL,
        scope_id=str(channel.pk),
        metric__in=[NUMBERS[metric] for metric in shown],
        month__range=(span.start.replace(day=1), span.end),
    )
    for month, metric, value in rows.values_list("month", "metric_id", "value"):
        found.setdefault(month, {})[metric] = conditional_escape(figure(value))
    return [
        (
            month,
            f"month={month:%Y-%m}",
            mark_safe(  # noqa: S308 - every cell has just been escaped
                "".join(f'<td class="num">{figures.get(NUMBERS[metric], unknown)}</td>' for metric in shown)
            ),
        )
        for month, figures in sorted(found.items(), reverse=True)
    ]
