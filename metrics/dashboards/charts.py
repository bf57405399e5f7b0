"""Figures of a channel, a network or the organisation as charts whose titles say what they show."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from coe_portal.channels.models import Channel, Network
from coe_portal.core.charts import Chart, Moment, Series, describe, lines
from metrics.collection.dictionary import label_of, unit_of
from metrics.collection.queries import MonthlyRow
from metrics.dashboards.queries import KINDS, Lines, Months, Sum
from metrics.periods import Period
from metrics.templatetags.figures import figure, percent

WHOLE = Decimal("0.8")


def channel_chart(
    channel: Channel,
    metric: str,
    found: Lines,
    total: Sum,
    breaks: Sequence[tuple[date, str]],
    notes: Sequence[Moment],
    source: str,
    url: str,
) -> Chart:
    values = found.values[metric]
    points = [(found.start + timedelta(days=number), value) for number, value in enumerate(values)]
    within = [Moment(day, reason) for day, reason in breaks if points and points[0][0] < day <= points[-1][0]]
    series = Series(label_of(metric), points, breaks=[moment.day for moment in within])
    return Chart(
        id=f"chart-{metric}",
        title=finding(metric, total),
        spec=lines([series], unit=unit_of(metric), breaks=within, notes=notes),
        alt=describe(series, unit=unit_of(metric)),
        source=source,
        source_url=url,
        age=days_text(total),
        demo=found.is_demo,
    )


def finding(metric: str, total: Sum) -> str:
    """What the line says, without claiming a comparison that does not hold."""
    label, value = label_of(metric), figure(total.value)
    if total.value is None:
        return _("%(label)s: no figures in this period") % {"label": label}
    if total.change.ratio is None:
        return f"{label}: {value}"
    said = {"label": label, "value": value, "change": percent(total.change.ratio)}
    return _("%(label)s: %(value)s, %(change)s against the period before") % said


def days_text(total: Sum) -> str:
    return _("%(days)d of %(all)d days have a figure") % {"days": total.days, "all": total.of_days}


def months_chart(
    key: str,
    metric: str,
    title: str,
    names: Mapping[str, str],
    found: Mapping[str, Months],
    period: Period,
    breaks: Sequence[tuple[str, date, str]] = (),
    notes: Sequence[Moment] = (),
) -> Chart:
    """A line for each network over the months; a month that nobody reported, or only in part, is a gap."""
    series = [
        Series(
            name,
            [(month, _whole(found[each].get(metric, {}).get(month))) for month in months],
            breaks=[day.replace(day=1) for network, day, _why in breaks if network == each],
        )
        for each, name in names.items()
        if each in found and (months := period.every_month())
    ]
    rows = [row for each in names if each in found for row in found[each].get(metric, {}).values()]
    return Chart(
        id=f"chart-{key}",
        title=title,
        spec=lines(
            series, unit=unit_of(metric), zero=True, notes=notes,
            breaks=[Moment(day, f"{Network(network).label}: {reason}") for network, day, reason in breaks],
        ),
        alt=" ".join(describe(each, unit=unit_of(metric)) for each in series),
        source=_("monthly figures of all channels"),
        age=as_of_text(max((row.as_of for row in rows), default=None)),
        columns=[_("Month"), *(each.name for each in series)],
        rows=[
            [formats.date_format(month, "YEAR_MONTH_FORMAT"), *(figure(each.points[position][1]) for each in series)]
            for position, month in enumerate(period.every_month())
        ],
        demo=any(row.is_demo for row in rows),
    )  # fmt: skip


def as_of_text(at: datetime | None) -> str:
    return _("as of %(day)s") % {"day": formats.date_format(at, "DATE_FORMAT")} if at else ""


def is_state(metric: str) -> bool:
    """Followers are a state, which is read at the end; posts are counted, which adds up."""
    return KINDS[metric] != "count"


def _whole(row: MonthlyRow | None) -> Decimal | None:
    """A month that lacks a fifth of its days would look like a fall."""
    if row is None:
        return None
    possible = row.channels * monthrange(row.month.year, row.month.month)[1]
    return row.value if is_state(row.metric) or row.days >= WHOLE * possible else None
