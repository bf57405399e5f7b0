"""What executives read: figures of a period beside the period before, what changed, and what was sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from coe_portal.channels.models import Channel
from coe_portal.contributions import Measurement, measurements
from coe_portal.people.access import Reach, within
from metrics.access import branch_in_words
from metrics.collection.dictionary import label_of, unit_of
from metrics.collection.models import DefinitionBreak, MonthlyRollup
from metrics.dashboards.charts import as_of_text, is_state
from metrics.dashboards.comparing import Change, Observed, change
from metrics.dashboards.models import EventNote
from metrics.dashboards.queries import Months, added_up, months_of
from metrics.executive.actions import fingerprint
from metrics.executive.models import Snapshot
from metrics.periods import Period, ending
from metrics.returns.queries import Report, campaigns_under_way, report
from metrics.templatetags.figures import figure, money, percent, percent_range
from metrics.tiles import Tile

METRICS = ("impressions", "engagements", "followers", "posts")
ORGANISATION = MonthlyRollup.Scope.ORGANISATION


@dataclass(frozen=True)
class Finding:
    text: str
    url: str


@dataclass(frozen=True)
class Total:
    metric: str
    now: Observed
    change: Change
    as_of: str
    is_demo: bool


@dataclass(frozen=True)
class Page:
    period: Period
    branch: str
    headlines: Sequence[Tile]
    changed: Sequence[Finding]
    not_compared: Sequence[Finding]
    why: Sequence[Finding]
    report: Report


@dataclass(frozen=True)
class SealedRow:
    label: str
    sealed: str
    now: str
    revised: bool


@dataclass(frozen=True)
class Sealed:
    """A sealed month beside what its figures are today; `intact` is whether the hash still fits what was kept."""

    snapshot: Snapshot
    rows: Sequence[SealedRow]
    intact: bool

    @property
    def revised(self) -> bool:
        return any(row.revised for row in self.rows)


def page(period: Period, reach: Reach = None) -> Page:
    """Of the channels, campaigns and activities of `reach`; what is measured of people is the whole organisation's."""
    months = _months(Period(period.previous.start, period.end), reach)
    accounts = within(Channel.objects.own().in_use(), reach).count()
    redefined = _redefined(period)
    totals = [_total(metric, months, period, redefined.get(metric)) for metric in METRICS]
    now, before = report(period, reach), report(period.previous, reach)
    known, earlier = _by_key(period), _by_key(period.previous)
    return Page(
        period=period,
        branch=branch_in_words(reach),
        headlines=[*_reach(totals, accounts, period), *_listening(known, reach), _return(now)],
        changed=_changed(totals, period)
        + (_measured(known, earlier) if reach is None else [])
        + _returned(now, before),
        not_compared=[
            Finding(f"{label_of(total.metric)}: {total.change.reason}", reverse("metrics:index"))
            for total in totals
            if total.change.ratio is None
        ],
        why=_why(period, reach),
        report=now,
    )


def _months(period: Period, reach: Reach) -> Months:
    if reach is None:
        return months_of(ORGANISATION, [""], METRICS, period).get("", {})
    of_departments = months_of(MonthlyRollup.Scope.DEPARTMENT, [str(pk) for pk in reach], METRICS, period)
    return added_up(list(of_departments.values()))


def sealed_months() -> list[Sealed]:
    """Every sealed month, the baseline first, compared with the figures of today in a constant number of queries."""
    snapshots = list(Snapshot.objects.select_related("sealed_by"))
    if not snapshots:
        return []
    reach = Period(snapshots[0].month, ending(snapshots[-1].month, 1).end)
    months = months_of(ORGANISATION, [""], METRICS, reach).get("", {})
    return [_sealed(each, figures_of(months, each.month)) for each in snapshots]


def figures_to_seal(month: date) -> dict[str, str | None]:
    return figures_of(months_of(ORGANISATION, [""], METRICS, ending(month, 1)).get("", {}), month)


def figures_of(months: Months, month: date) -> dict[str, str | None]:
    """As text, so that what is hashed never depends on how a number is stored; None where nobody reported."""
    return {metric: _spelled(row.value) if (row := months.get(metric, {}).get(month)) else None for metric in METRICS}


def _spelled(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _sealed(snapshot: Snapshot, now: Mapping[str, str | None]) -> Sealed:
    rows = [
        SealedRow(label_of(metric), _read(value), _read(now.get(metric)), value != now.get(metric))
        for metric, value in ((metric, snapshot.figures[metric]) for metric in METRICS if metric in snapshot.figures)
    ]
    return Sealed(snapshot, rows, fingerprint(snapshot.month, snapshot.figures) == snapshot.sha256)


def _read(value: str | None) -> str:
    return figure(None if value is None else Decimal(value))


def _redefined(period: Period) -> dict[str, date]:
    rows = DefinitionBreak.objects.filter(day__gt=period.previous.start, day__lte=period.end)
    return dict(rows.order_by("-day").values_list("metric__key", "day"))


def _total(metric: str, months: Months, period: Period, redefined: date | None) -> Total:
    rows = months.get(metric, {})
    now, before = _observed(metric, rows, period), _observed(metric, rows, period.previous)
    newest = [row for month, row in rows.items() if period.start <= month <= period.end]
    return Total(
        metric,
        now,
        change(now, before, redefined),
        as_of_text(max((row.as_of for row in newest), default=None)),
        any(row.is_demo for row in newest),
    )


def _observed(metric: str, rows: Mapping[date, "object"], period: Period) -> Observed:
    """Counts add up over the months; of a state the last month counts, and only if it is there."""
    found = [rows[month] for month in period.every_month() if month in rows]
    if is_state(metric):
        found = [rows[last]] if (last := period.end.replace(day=1)) in rows else []
    if not found:
        return Observed(None, 0, 0)
    value = found[-1].value if is_state(metric) else sum((row.value for row in found), Decimal(0))  # type: ignore[attr-defined]
    return Observed(value, sum(row.days for row in found), max(row.channels for row in found))  # type: ignore[attr-defined]


def _by_key(period: Period) -> dict[str, Measurement]:
    return {each.key: each for each in measurements(period.start, period.end)}


def _reach(totals: Sequence[Total], accounts: int, period: Period) -> list[Tile]:
    return [
        Tile(
            label=label_of(total.metric),
            value="" if total.now.value is None else figure(total.now.value),
            unit=unit_of(total.metric),
            note="",
            change=_said(total.change) if total.now.value is not None else "",
            trend=total.change.trend,
            source=_("networks' figures"),
            source_url=reverse("metrics:index") + f"?month={period.end:%Y-%m}",
            age=total.as_of,
            coverage=_("%(some)d of %(all)d channels reported") % {"some": total.now.channels, "all": accounts},
            is_demo=total.is_demo,
        )
        for total in totals[:2]
    ]


def _said(found: Change) -> str:
    if found.ratio is None:
        return found.reason
    return _("%(change)s against the period before") % {"change": percent(found.ratio)}


def _listening(known: Mapping[str, Measurement], reach: Reach) -> list[Tile]:
    answer, asked = known.get("feedback.first_response"), known.get("feedback.questions")
    signed, trained = known.get("policies.acknowledged_share"), known.get("training.completed_in_time")
    asked_note = (
        _("%(count)s questions were asked") % {"count": figure(asked.value)}
        if asked and asked.value is not None
        else ""
    )
    trained_note = (
        _("%(share)s %% of courses were completed in time") % {"share": figure(trained.value)}
        if trained and trained.value is not None
        else ""
    )
    return [
        _measured_headline(_("First answer to a question"), answer, asked_note, 1, reach),
        _measured_headline(_("Policies acknowledged"), signed, trained_note, 0, reach),
    ]


def _measured_headline(label: str, found: Measurement | None, note: str, places: int, reach: Reach) -> Tile:
    value = "" if found is None or found.value is None else figure(found.value, places)
    source = str(found.label) if found else _("no part of the portal reports it yet")
    return Tile(
        label=label,
        value=value,
        unit=found.unit if found else "",
        note=note,
        source=source,
        source_url=found.url if found else "",
        age=_("as of today"),
        coverage="" if reach is None else _("the whole organisation"),
        is_demo=settings.DEMO,
    )


def _return(found: Report) -> Tile:
    ratio = found.ratio
    return Tile(
        label=_("Return on investment, likely"),
        value=percent(ratio.likely) if ratio else "",
        unit="",
        note=percent_range(ratio) if ratio else "",
        change="",
        trend="",
        source=_("the formula and every assumption"),
        source_url=f"{reverse('metrics:formula')}?{found.period.query}",
        age=found.period.label,
        coverage="",
        is_demo=found.is_demo,
    )


def _changed(totals: Sequence[Total], period: Period) -> list[Finding]:
    url = reverse("metrics:index") + f"?month={period.end:%Y-%m}"
    return [Finding(_sentence(total, total.change.ratio), url) for total in totals if total.change.ratio is not None]


def _sentence(total: Total, ratio: Decimal) -> str:
    said = {
        "label": label_of(total.metric),
        "value": figure(total.now.value),
        "change": percent(abs(ratio), signed=False),
    }
    if total.change.trend == "flat":
        return _("%(label)s stayed level at %(value)s.") % said
    if ratio > 0:
        return _("%(label)s rose by %(change)s to %(value)s.") % said
    return _("%(label)s fell by %(change)s to %(value)s.") % said


def _measured(known: Mapping[str, Measurement], earlier: Mapping[str, Measurement]) -> list[Finding]:
    """Only what is measured over a period; what says how things stand today has no earlier value to compare with."""
    found = []
    for key in ("feedback.questions", "feedback.first_response", "training.completions"):
        now, before = known.get(key), earlier.get(key)
        if now and before and now.value is not None and before.value is not None and now.value != before.value:
            said = {"label": now.label, "now": figure(now.value), "before": figure(before.value), "unit": now.unit}
            found.append(
                Finding(_("%(label)s: %(now)s %(unit)s, after %(before)s in the period before.") % said, now.url)
            )
    return found


def _returned(now: Report, before: Report) -> list[Finding]:
    found = []
    url = f"{reverse('metrics:formula')}?{now.period.query}"
    earlier = {row.kind: row for row in before.outcomes}
    for row in now.outcomes:
        if row.kind in earlier and earlier[row.kind].count != row.count and now.rule == before.rule:
            said = {"label": row.label, "now": figure(row.count), "before": figure(earlier[row.kind].count)}
            found.append(
                Finding(
                    _("%(label)s: %(now)s, after %(before)s in the period before.") % said, reverse("metrics:outcomes")
                )
            )
    if now.ratio and before.ratio:
        said = {
            "now": percent(now.ratio.likely),
            "before": percent(before.ratio.likely),
            "cost": money(now.returned.spent.total),
        }
        found.append(Finding(_("The likely return is %(now)s on a cost of %(cost)s, after %(before)s.") % said, url))
    return found


def _why(period: Period, reach: Reach) -> list[Finding]:
    """Campaigns and events of the period. They stand beside the change; nobody has shown that they caused it."""
    campaigns = [
        Finding(
            _("Campaign: %(name)s, from %(day)s") % {"name": each.name, "day": _day(each.starts)},
            each.get_absolute_url(),
        )
        for each in campaigns_under_way(period, reach)
    ]
    notes = EventNote.objects.filter(channel__isnull=True).between(period.start, period.end).order_by("day")
    return campaigns + [Finding(f"{_day(each.day)}: {each.title}", reverse("metrics:events")) for each in notes]


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")
