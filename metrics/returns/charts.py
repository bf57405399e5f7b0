"""What was spent and what came back, as charts."""

from django.urls import reverse
from django.utils.translation import gettext as _

from coe_portal.core.charts import Bar, Chart, Interval, bars, intervals
from metrics.returns.queries import CampaignRow, Report
from metrics.returns.words import problem_in_words
from metrics.templatetags.figures import money, money_range, percent, percent_range


def roi_chart(report: Report) -> Chart:
    """Every campaign with its return from low to high; those without a ratio say why in the table."""
    rows = [row for row in report.campaigns if row.campaign]
    known = [row for row in rows if row.returned.ratio]
    return Chart(
        id="chart-roi",
        title=_roi_finding(known, rows),
        spec=intervals([_interval(row) for row in known], unit=_("return on cost, %"), zero_label=_("costs are met")),
        alt=". ".join(f"{row.name}: {_said(row)}" for row in rows) + ".",
        source=_("Outcomes, values agreed by finance, activities"),
        source_url=f"{reverse('metrics:formula')}?{report.period.query}",
        age=report.period.label,
        columns=[_("Campaign"), _("Cost"), _("Value, likely"), _("Return, likely"), _("Low to high")],
        rows=[_row(row) for row in rows],
        demo=report.is_demo,
    )


def worth_chart(report: Report) -> Chart:
    rows = report.outcomes
    best = max((row for row in rows if row.likely is not None), key=lambda row: row.likely or 0, default=None)
    title = (
        _("%(outcome)s are worth most: %(value)s") % {"outcome": best.label, "value": money(best.likely)}
        if best
        else _("Finance has agreed on no value yet")
    )
    return Chart(
        id="chart-worth",
        title=title,
        spec=bars(
            [Bar(row.label, row.likely, money(row.likely)) for row in rows],
            unit="$",
        ),
        alt=". ".join(f"{row.label}: {money(row.likely)}" for row in rows) + ".",
        source=_("Outcomes and values agreed by finance"),
        source_url=f"{reverse('metrics:formula')}?{report.period.query}",
        age=report.period.label,
        columns=[_("Outcome"), _("Number"), _("Value, likely"), _("Low to high")],
        rows=[[row.label, f"{row.count.normalize():f}", money(row.likely), money_range(row.value)] for row in rows],
        demo=report.is_demo,
    )


def _interval(row: CampaignRow) -> Interval:
    ratio = row.returned.ratio
    if ratio is None:
        return Interval(row.name, None, None, None, "")
    low, likely, high = (float(each * 100) for each in (ratio.low, ratio.likely, ratio.high))
    return Interval(row.name, low, likely, high, percent(ratio.likely))


def _roi_finding(known: list[CampaignRow], rows: list[CampaignRow]) -> str:
    if not known:
        return _("The return of no campaign is known yet")
    paid = sum(1 for row in known if row.returned.ratio and row.returned.ratio.low >= 0)
    return _("%(paid)d of %(all)d campaigns earn their cost even at the lowest value") % {
        "paid": paid,
        "all": len(rows),
    }


def _said(row: CampaignRow) -> str:
    ratio = row.returned.ratio
    return f"{percent(ratio.likely)} ({percent_range(ratio)})" if ratio else problem_in_words(row.returned)


def _row(row: CampaignRow) -> list[str]:
    ratio, value, cost = row.returned.ratio, row.returned.worth.likely, row.returned.spent.total
    return [
        row.name,
        money(cost),
        money(value),
        percent(ratio.likely) if ratio else problem_in_words(row.returned),
        percent_range(ratio),
    ]
