"""What a period brought and cost, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from coe_portal.people.access import Reach, within
from metrics.collection.models import AdSpend, Source
from metrics.periods import Period
from metrics.returns.arithmetic import NOTHING, Agreed, Counted, Range, Return, returned, value_in_force
from metrics.returns.models import (
    Activity,
    Assumption,
    AttributionRule,
    Campaign,
    Goal,
    GoalTarget,
    OutcomeCount,
    OutcomeKind,
    OutcomeValue,
)

CURRENCY = "USD"
ZERO = Decimal(0)


@dataclass(frozen=True)
class OutcomeRow:
    """Of one kind in the period; `value` is None while finance has agreed on none of it."""

    kind: str
    label: str
    count: Decimal
    value: Range | None
    without_value: Decimal

    @property
    def likely(self) -> Decimal | None:
        return None if self.value is None else self.value.likely


@dataclass(frozen=True)
class CostRow:
    kind: str
    label: str
    activities: int
    known: Decimal
    unknown: int


@dataclass(frozen=True)
class CampaignRow:
    campaign: Campaign | None
    outcomes: Decimal
    returned: Return

    @property
    def name(self) -> str:
        return self.campaign.name if self.campaign else _("Without a campaign")


@dataclass(frozen=True)
class Report:
    period: Period
    rule: str
    rule_decided: Assumption | None
    returned: Return
    outcomes: Sequence[OutcomeRow]
    costs: Sequence[CostRow]
    campaigns: Sequence[CampaignRow]
    ad_spend: Decimal
    foreign_ad_spend: Decimal
    unclaimed: Decimal
    is_demo: bool

    @property
    def rule_label(self) -> str:
        return str(AttributionRule(self.rule).label)

    @property
    def ratio(self) -> Range | None:
        return self.returned.ratio


@dataclass(frozen=True)
class _Cost:
    campaign_id: int | None
    kind: str
    activities: int
    known: Decimal
    unknown: int
    is_demo: bool

    @property
    def parts(self) -> list[Decimal | None]:
        """The known costs as one entry, and one for each activity that lacks a part of its cost."""
        return [*([self.known] if self.activities > self.unknown else []), *[None] * self.unknown]


def report(period: Period, reach: Reach = None) -> Report:
    """Counts by the rule in force at the end of the period; advertising brought in from files is a cost of its own.

    Values and assumptions are the organisation's for every branch.
    """
    decided = assumptions_in_force(period.end).get(Assumption.Key.ATTRIBUTION)
    rule = decided.value if decided else AttributionRule.LAST_TOUCH.value
    agreed = agreements()
    counted, counted_demo = _counted(period, rule, reach)
    costs = _costs(period, reach)
    ads, foreign, ads_demo = _ad_spend(period, reach)
    all_counts = [each for rows in counted.values() for each in rows]
    all_costs = [part for cost in costs for part in cost.parts] + ([ads] if ads else [])
    return Report(
        period=period,
        rule=rule,
        rule_decided=decided,
        returned=returned(all_counts, agreed, all_costs),
        outcomes=_outcome_rows(all_counts, agreed),
        costs=_cost_rows(costs),
        campaigns=_campaign_rows(counted, costs, agreed),
        ad_spend=ads,
        foreign_ad_spend=foreign,
        unclaimed=sum((each.count for each in counted.get(None, [])), ZERO),
        is_demo=counted_demo or ads_demo or any(cost.is_demo for cost in costs),
    )


def agreements() -> list[Agreed]:
    rows = OutcomeValue.objects.values_list("kind", "starts", "low", "likely", "high")
    return [Agreed(kind, starts, Range(low, likely, high)) for kind, starts, low, likely, high in rows]


def assumptions_in_force(day: date) -> dict[str, Assumption]:
    newest: dict[str, Assumption] = {}
    for row in Assumption.objects.in_force(day).select_related("recorded_by"):
        newest.setdefault(row.key, row)
    return newest


def values_in_force(day: date) -> dict[str, OutcomeValue]:
    newest: dict[str, OutcomeValue] = {}
    for row in OutcomeValue.objects.in_force(day):
        newest.setdefault(row.kind, row)
    return newest


def ratio_by_month(period: Period, reach: Reach = None) -> list[tuple[date, Return]]:
    """Month by month, with the rule of the whole period, so that the months can be compared."""
    decided = assumptions_in_force(period.end).get(Assumption.Key.ATTRIBUTION)
    counted, _demo = _counted(period, decided.value if decided else AttributionRule.LAST_TOUCH.value, reach)
    agreed, costs, ads = agreements(), _costs_by_month(period, reach), _ads_by_month(period, reach)
    by_month: dict[date, list[Counted]] = defaultdict(list)
    for rows in counted.values():
        for each in rows:
            by_month[each.month].append(each)
    return [
        (month, returned(by_month[month], agreed, [*costs[month], *([ads[month]] if ads[month] else [])]))
        for month in period.every_month()
    ]


def open_goals(day: date, reach: Reach = None) -> list[tuple[Goal, list[GoalTarget]]]:
    """Each goal with its targets as they were set, the one in force last."""
    goals = Goal.objects.of(reach).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day)).select_related("department")
    targets: dict[int, list[GoalTarget]] = defaultdict(list)
    for target in GoalTarget.objects.filter(goal__in=goals, set_on__lte=day).order_by("set_on", "pk"):
        targets[target.goal_id].append(target)
    return [(goal, targets[goal.pk]) for goal in goals]


def campaigns_under_way(period: Period, reach: Reach = None) -> list[Campaign]:
    ends = Q(ends__isnull=True) | Q(ends__gte=period.start)
    return list(Campaign.objects.of(reach).filter(ends, starts__lte=period.end).order_by("starts"))


def _counted(period: Period, rule: str, reach: Reach) -> tuple[dict[int | None, list[Counted]], bool]:
    rows = (
        OutcomeCount.objects.of(reach)
        .current()
        .between(period.start, period.end)
        .filter(rule=rule)
        .values("campaign_id", "kind", "month")
        .annotate(total=Sum("count"), demo=_any_demo())
        .order_by("month", "kind")
    )
    found: dict[int | None, list[Counted]] = defaultdict(list)
    demo = False
    for row in rows:
        found[row["campaign_id"]].append(Counted(row["kind"], row["month"], row["total"]))
        demo = demo or row["demo"] > 0
    return dict(found), demo


def _costs(period: Period, reach: Reach) -> list[_Cost]:
    cost = F("hours") * F("rate") + F("media") + F("tools")
    rows = (
        Activity.objects.of(reach)
        .between(period.start, period.end)
        .order_by()
        .values("campaign_id", "kind")
        .annotate(activities=Count("pk"), known=Coalesce(Sum(cost), ZERO), with_cost=Count(cost), demo=_any_demo())
    )
    return [
        _Cost(
            row["campaign_id"],
            row["kind"],
            row["activities"],
            row["known"],
            row["activities"] - row["with_cost"],
            row["demo"] > 0,
        )
        for row in rows
    ]


def _costs_by_month(period: Period, reach: Reach) -> dict[date, list[Decimal | None]]:
    found: dict[date, list[Decimal | None]] = defaultdict(list)
    for activity in Activity.objects.of(reach).between(period.start, period.end):
        found[activity.day.replace(day=1)].append(activity.cost)
    return found


def _any_demo() -> Count:
    return Count("pk", filter=Q(is_demo=True))


def _ad_spend(period: Period, reach: Reach) -> tuple[Decimal, Decimal, bool]:
    """In our currency, in others (which are named, not converted), and whether the demo made any of it up."""
    rows = within(AdSpend.objects.all(), reach, "channel__department").filter(
        report_first_day__gte=period.start, report_first_day__lte=period.end
    )
    ours = Q(currency=CURRENCY)
    found = rows.aggregate(
        ours=Coalesce(Sum("amount", filter=ours), ZERO),
        others=Coalesce(Sum("amount", filter=~ours), ZERO),
        demo=Count("pk", filter=Q(source=Source.DEMO)),
    )
    return found["ours"], found["others"], found["demo"] > 0


def _ads_by_month(period: Period, reach: Reach) -> dict[date, Decimal]:
    found: dict[date, Decimal] = defaultdict(lambda: ZERO)
    rows = (
        within(AdSpend.objects.all(), reach, "channel__department")
        .filter(report_first_day__gte=period.start, report_first_day__lte=period.end, currency=CURRENCY)
        .values_list("report_first_day", "amount")
    )
    for day, amount in rows:
        found[day.replace(day=1)] += amount
    return found


def _outcome_rows(counts: Iterable[Counted], agreed: Sequence[Agreed]) -> list[OutcomeRow]:
    total: dict[str, Decimal] = defaultdict(Decimal)
    value: dict[str, Range] = {}
    without: dict[str, Decimal] = defaultdict(Decimal)
    for each in counts:
        total[each.kind] += each.count
        worth = value_in_force(agreed, each.kind, each.month)
        if worth is None:
            without[each.kind] += each.count
        else:
            value[each.kind] = value.get(each.kind, NOTHING).plus(worth.times(each.count))
    return [
        OutcomeRow(kind, str(label), total[kind], value.get(kind), without[kind])
        for kind, label in OutcomeKind.choices
        if kind in total
    ]


def _cost_rows(costs: Sequence[_Cost]) -> list[CostRow]:
    rows = []
    for kind, label in Activity.Kind.choices:
        found = [cost for cost in costs if cost.kind == kind]
        if found:
            known, unknown = sum((cost.known for cost in found), ZERO), sum(cost.unknown for cost in found)
            rows.append(CostRow(kind, str(label), sum(cost.activities for cost in found), known, unknown))
    return rows


def _campaign_rows(
    counted: dict[int | None, list[Counted]], costs: Sequence[_Cost], agreed: Sequence[Agreed]
) -> list[CampaignRow]:
    """Campaigns by what they brought; what no campaign can claim comes last and stays visible."""
    parts: dict[int | None, list[Decimal | None]] = defaultdict(list)
    for cost in costs:
        parts[cost.campaign_id] += cost.parts
    campaigns = Campaign.objects.in_bulk({key for key in {*counted, *parts} if key is not None})
    rows = [
        CampaignRow(
            campaigns.get(key) if key else None,
            sum((each.count for each in counted.get(key, [])), ZERO),
            returned(counted.get(key, []), agreed, parts[key]),
        )
        for key in {*counted, *parts}
    ]
    return sorted(rows, key=_order)


def _order(row: CampaignRow) -> tuple[bool, Decimal, str]:
    value = row.returned.worth.value
    return row.campaign is None, -(value.likely if value else ZERO), row.name
