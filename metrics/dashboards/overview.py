"""The overview: a month by network and by branch, from the monthly rollup."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from coe_portal.channels.models import Channel, Network
from coe_portal.core.charts import Chart, Moment, letter
from coe_portal.people.access import Role
from coe_portal.people.models import Department, User
from metrics.access import branch_in_words
from metrics.collection.dictionary import label_of, unit_of
from metrics.collection.models import DefinitionBreak, MonthlyRollup
from metrics.dashboards.charts import as_of_text, months_chart
from metrics.dashboards.models import EventNote
from metrics.dashboards.permissions import can_see_all_figures
from metrics.dashboards.queries import Cell, Months, ScopeRow, added_up, cells, months_of
from metrics.dashboards.rates import DIVISORS, Rate, rate, refusal
from metrics.periods import Period, ending
from metrics.returns.permissions import can_record_for, can_record_returns, returns_of
from metrics.returns.queries import open_goals
from metrics.templatetags.figures import figure
from metrics.tiles import Tile

SHOWN = ("followers", "engagements", "posts")
READ = tuple(dict.fromkeys((*SHOWN, *DIVISORS.values())))
MONTHS = 24
Scope = MonthlyRollup.Scope
FIGURE_ROLES = (Role.STRATEGIST, Role.EXECUTIVE, Role.COORDINATOR)


@dataclass(frozen=True)
class GoalRow:
    """`progress` is the part of the way from the baseline to the target, 0 to 100; None while the value is unknown."""

    goal: Any
    target: Any
    earlier: Sequence[Any]
    value: Decimal | None
    progress: int | None
    may_move: bool = False


def overview(person: User, month: date) -> dict[str, Any]:
    period = ending(month, MONTHS)
    channels = list(
        Channel.objects.with_figures_for(person).own().in_use().select_related("department").order_by("name")
    )
    everything = can_see_all_figures(person)
    by_network = months_of(Scope.NETWORK, Network.values, READ, period) if everything else {}
    by_department = months_of(Scope.DEPARTMENT, _department_ids(person), SHOWN, ending(month, 2))
    redefined = _redefined(period)
    total = added_up(list(by_network.values()) or list(by_department.values()))
    return {
        "month": month,
        "tiles": _tiles(total, len(channels), month, redefined if by_network else []),
        "networks": _network_rows(by_network, channels, month, redefined),
        "rates": _rates(by_network, month),
        "chart": _chart(by_network, period, redefined) if by_network else None,
        "notes": _notes(period),
        "branches": _branch_rows(by_department, channels, month),
        "channels": channels,
        "goals": goals(person, month),
        "may_record": can_record_returns(person),
        "branch": branch_in_words(None if everything else person.access.reach(*FIGURE_ROLES)),
        "labels": [label_of(metric) for metric in SHOWN],
    }


def network_overview(network: str, month: date) -> dict[str, Any]:
    period = ending(month, MONTHS)
    found = months_of(Scope.NETWORK, [network], READ, period)
    channels = list(
        Channel.objects.filter(network=network).own().in_use().select_related("department").order_by("name")
    )
    by_channel = months_of(Scope.CHANNEL, [str(each.pk) for each in channels], SHOWN, ending(month, 2))
    redefined = [each for each in _redefined(period) if each[0] == network]
    broken = _of_network(redefined, network)
    months = found.get(network, {})
    return {
        "month": month,
        "tiles": _tiles(months, len(channels), month, redefined),
        "rate": rate(network, {metric: _value(months, metric, month) for metric in READ}),
        "charts": [
            months_chart(
                metric, metric, label_of(metric), {network: str(Network(network).label)}, found, period,
                [(network, day, reason) for _n, key, day, reason in redefined if key == metric],
            )
            for metric in SHOWN
            if months.get(metric)
        ],
        "rows": [_account_row(each, by_channel.get(str(each.pk), {}), month, broken) for each in channels],
        "breaks": [(label_of(metric), day, reason) for _n, metric, day, reason in redefined],
        "labels": [label_of(metric) for metric in SHOWN],
    }  # fmt: skip


def _account_row(channel: Channel, months: Months, month: date, broken: Collection[tuple[str, date]]) -> ScopeRow:
    url = reverse("metrics:account", args=[channel.pk])
    return ScopeRow(str(channel.pk), channel.name, url, 1, cells(months, SHOWN, month, broken))


def goals(person: User, month: date) -> list[GoalRow]:
    """Every open goal of what the person sees returns of, with where it stands in that month."""
    found = open_goals(month.replace(day=28), returns_of(person))
    read = {
        scope: months_of(
            Scope(scope),
            {g.scope_id for g, _t in found if g.scope == scope},
            list({g.metric for g, _t in found}),
            ending(month, 1),
        )
        for scope in {goal.scope for goal, _targets in found}
    }
    rows = []
    for goal, targets in found:
        if targets:
            value = _value(read[goal.scope].get(goal.scope_id, {}), goal.metric, month)
            progress = _progress(goal.baseline, targets[-1].value, value)
            may_move = can_record_for(person, goal.department_id)
            rows.append(GoalRow(goal, targets[-1], targets[:-1], value, progress, may_move))
    return rows  # fmt: skip


def _progress(baseline: Decimal, target: Decimal, value: Decimal | None) -> int | None:
    if value is None or target == baseline:
        return None
    return max(0, min(100, round((value - baseline) / (target - baseline) * 100)))


def _department_ids(person: User) -> list[str]:
    branch = person.access.reach(*FIGURE_ROLES)
    if branch is None:
        return [str(pk) for pk in Department.objects.values_list("pk", flat=True)]
    return [str(pk) for pk in branch]


def _redefined(period: Period) -> list[tuple[str, str, date, str]]:
    rows = DefinitionBreak.objects.filter(day__range=(period.start, period.end))
    return list(rows.values_list("network", "metric__key", "day", "reason"))


def _value(months: Months, metric: str, month: date) -> Decimal | None:
    row = months.get(metric, {}).get(month)
    return row.value if row else None


def _tiles(months: Months, accounts: int, month: date, redefined: Collection[tuple[str, str, date, str]]) -> list[Tile]:
    broken = [(metric, day) for _network, metric, day, _reason in redefined]
    found = cells(months, SHOWN, month, broken)
    return [_tile(metric, cell, accounts) for metric, cell in found.items()]


def _tile(metric: str, cell: Cell, accounts: int) -> Tile:
    said = "" if cell.value is None else cell.change.reason
    if cell.change.ratio is not None:
        said = _("%(change)s %% against the month before") % {
            "change": formats.number_format(cell.change.ratio * 100, 1)
        }
    value = "" if cell.value is None else figure(cell.value)
    reported = _("%(some)d of %(all)d channels reported") % {"some": cell.channels, "all": max(accounts, cell.channels)}
    return Tile(
        label=label_of(metric),
        value=value,
        unit=unit_of(metric),
        change=said,
        trend=cell.change.trend,
        source=_("daily figures, added up"),
        source_url=reverse("metrics:dictionary") + f"#{metric}",
        age=as_of_text(cell.as_of),
        coverage=reported,
        is_demo=cell.is_demo,
    )


def _network_rows(
    found: Mapping[str, Months],
    channels: Sequence[Channel],
    month: date,
    redefined: Sequence[tuple[str, str, date, str]],
) -> list[ScopeRow]:
    accounts = Counter(each.network for each in channels)
    return [
        ScopeRow(
            key,
            str(label),
            reverse("metrics:network", args=[key]),
            accounts[key],
            cells(found.get(key, {}), SHOWN, month, _of_network(redefined, key)),
        )
        for key, label in Network.choices
        if found and accounts[key]
    ]


def _of_network(redefined: Sequence[tuple[str, str, date, str]], network: str) -> list[tuple[str, date]]:
    return [(metric, day) for each, metric, day, _why in redefined if each == network]


def _rates(found: Mapping[str, Months], month: date) -> dict[str, Any]:
    """Networks with the same formula stand in one group; nothing is said across groups."""
    rates = [
        each
        for network, months in found.items()
        if (each := rate(network, {metric: _value(months, metric, month) for metric in READ}))
    ]
    groups: dict[str, list[Rate]] = defaultdict(list)
    for each in sorted(rates, key=lambda each: each.label):
        groups[each.formula].append(each)
    return {"groups": dict(groups), "refusal": refusal(rates)}


def _chart(found: Mapping[str, Months], period: Period, redefined: Sequence[tuple[str, str, date, str]]) -> Chart:
    largest = sorted(found, key=lambda key: -(_value(found[key], "engagements", period.end.replace(day=1)) or 0))[:5]
    names = {key: str(Network(key).label) for key in largest if found[key].get("engagements")}
    first = next(iter(names.values()), "")
    breaks = [
        (network, day, reason)
        for network, metric, day, reason in redefined
        if metric == "engagements" and network in names
    ]
    notes = [Moment(max(note.day, period.start), note.title) for note in _events(period)]
    title = _("Most engagement comes from %(network)s") % {"network": first} if first else _("Engagements by network")
    return months_chart("engagements", "engagements", title, names, found, period, breaks, notes)  # fmt: skip


def _events(period: Period) -> list[EventNote]:
    return list(
        EventNote.objects.filter(channel__isnull=True, network="").between(period.start, period.end).order_by("day")
    )


def _notes(period: Period) -> list[tuple[str, EventNote]]:
    return [(letter(position), note) for position, note in enumerate(_events(period))]


def _branch_rows(found: Mapping[str, Months], channels: Sequence[Channel], month: date) -> list[ScopeRow]:
    """Departments under the highest one that is theirs, added up."""
    departments = {each.pk: each for each in Department.objects.all()}
    tops: dict[int, list[int]] = defaultdict(list)
    for pk in departments:
        if str(pk) in found or any(each.department_id == pk for each in channels):
            tops[_top(pk, departments)].append(pk)
    accounts = Counter(_top(each.department_id, departments) for each in channels)
    rows = [
        ScopeRow(
            str(top),
            departments[top].name,
            "",
            accounts[top],
            cells(added_up([found[str(pk)] for pk in below if str(pk) in found]), SHOWN, month),
        )
        for top, below in tops.items()
    ]
    return sorted(rows, key=lambda row: row.label)


def _top(department_id: int | None, departments: Mapping[int, Department]) -> int:
    """The highest department above; a branch without a common root stands for itself."""
    current = departments[department_id or 0]
    while current.parent_id in departments and departments[current.parent_id].parent_id is not None:
        current = departments[current.parent_id]
    return int(current.pk)
