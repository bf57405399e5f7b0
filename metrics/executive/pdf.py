"""The executive page on paper, for the board: the same figures, sentences and charts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coe_portal.core.charts import Chart, chart_svg
from coe_portal.core.typeset import typeset
from metrics.executive.models import Ask
from metrics.executive.queries import Page, Sealed
from metrics.returns.charts import roi_chart, worth_chart
from metrics.returns.words import left_out, problem_in_words
from metrics.templatetags.figures import figure, money, money_range

TEMPLATE = "metrics/executive/report.typ"


def as_pdf(page: Page, asks: Sequence[Ask], sealed: Sequence[Sealed], *, at: datetime) -> bytes:
    return typeset(TEMPLATE, _data(page, asks, sealed, at), at=at)


def _data(page: Page, asks: Sequence[Ask], sealed: Sequence[Sealed], at: datetime) -> dict[str, Any]:
    report = page.report
    return {
        "language": get_language() or "en",
        "organisation": settings.ORGANISATION_NAME,
        "title": _("Social media: what it brings and what it costs"),
        "period": page.period.label,
        "branch": page.branch,
        "made": _("Made on %(day)s") % {"day": formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")},
        "demo": _("Generated demo figures") if report.is_demo else "",
        "headings": _headings(),
        "headlines": [
            {
                "label": each.label,
                "value": each.value or _("Not known yet"),
                "unit": each.unit if each.value else "",
                "notes": [note for note in (each.note, each.change, each.coverage, each.age) if note],
            }
            for each in page.headlines
        ],
        "changed": [each.text for each in page.changed],
        "not_compared": [each.text for each in page.not_compared],
        "why": [each.text for each in page.why],
        "asks": [_ask(each) for each in asks],
        "charts": [_chart(chart) for chart in (roi_chart(report), worth_chart(report)) if chart.spec["data"]["values"]],
        "outcomes": [
            [row.label, figure(row.count), money(row.likely), money_range(row.value)] for row in report.outcomes
        ],
        "costs": [
            *([row.label, str(row.activities), money(row.known)] for row in report.costs),
            *([[_("Advertising imported from Ads Manager"), "", money(report.ad_spend)]] if report.ad_spend else []),
        ],
        "total": [_("Together"), "", money(report.returned.spent.total)],
        "notes": [
            *left_out(report.returned),
            *([problem_in_words(report.returned)] if report.returned.problem else []),
        ],
        "rule": _("Attribution: %(rule)s") % {"rule": report.rule_label},
        "sealed": [
            _("%(month)s, sealed with SHA-256 %(hash)s%(revised)s")
            % {
                "month": formats.date_format(each.snapshot.month, "YEAR_MONTH_FORMAT"),
                "hash": each.snapshot.sha256,
                "revised": _("; revised since") if each.revised else "",
            }
            for each in sealed
        ],
    }


def _headings() -> dict[str, str]:
    return {
        "changed": _("What changed"),
        "not_compared": _("Not compared"),
        "why": _("What happened in the period"),
        "why_note": _("Noted beside the figures; not a proof of cause."),
        "nothing": _("Nothing can be compared with the period before."),
        "asks": _("What we ask of you"),
        "worth": _("What it is worth"),
        "outcomes": _("Outcomes and their value"),
        "costs": _("Activities and their cost"),
        "sealed": _("Sealed months"),
        "outcome": _("Outcome"),
        "number": _("Number"),
        "value": _("Value, likely"),
        "range": _("Low to high"),
        "kind": _("Kind"),
        "activities": _("Activities"),
        "cost": _("Cost"),
    }


def _chart(chart: Chart) -> dict[str, str]:
    source = _("Source: %(source)s; %(age)s") % {"source": chart.source, "age": chart.age}
    return {"svg": chart_svg(chart, width=560), "title": chart.title, "alt": chart.alt, "source": source}


def _ask(ask: Ask) -> dict[str, str]:
    state = f"{ask.get_decision_display()}: {ask.decision_reason}" if ask.decision else _("Open")
    amount = _("%(amount)s a year") % {"amount": money(ask.amount)} if ask.amount is not None else ""
    return {"title": ask.title, "reason": ask.reason, "amount": amount, "state": state}
