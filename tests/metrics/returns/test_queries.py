from datetime import date
from decimal import Decimal

import pytest

from metrics.periods import Period
from metrics.returns.models import Assumption, AttributionRule, OutcomeKind
from metrics.returns.queries import open_goals, ratio_by_month, report
from tests.factories.metrics import AdSpendFactory
from tests.factories.returns import (
    ActivityFactory,
    AssumptionFactory,
    CampaignFactory,
    GoalFactory,
    GoalTargetFactory,
    OutcomeCountFactory,
    OutcomeValueFactory,
)

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
pytestmark = pytest.mark.django_db


def test_report_by_hand():
    """20 requests at 40 / 60 / 90 against 10 hours at $50: 0.6 / 1.4 / 2.6 gained."""
    OutcomeValueFactory()
    OutcomeCountFactory()
    ActivityFactory()

    found = report(MARCH)

    assert found.returned.spent.total == Decimal(500)
    assert (found.ratio.low, found.ratio.likely, found.ratio.high) == (
        Decimal("0.60"),
        Decimal("1.40"),
        Decimal("2.60"),
    )


def test_report_leaves_other_months_alone():
    OutcomeValueFactory()
    OutcomeCountFactory(month=date(2026, 2, 1))
    ActivityFactory(day=date(2026, 4, 1))

    found = report(MARCH)

    assert (found.outcomes, found.costs, found.ratio) == ([], [], None)


def test_report_counts_by_the_rule_in_force_only():
    AssumptionFactory(starts=date(2026, 1, 1))
    AssumptionFactory(starts=date(2026, 3, 1), value=AttributionRule.LINEAR)
    OutcomeCountFactory(rule=AttributionRule.LAST_TOUCH, count=20)
    OutcomeCountFactory(rule=AttributionRule.LINEAR, count=Decimal("17.5"))

    found = report(MARCH)

    assert (found.rule, found.outcomes[0].count) == ("linear", Decimal("17.50"))


def test_a_corrected_count_no_longer_counts():
    OutcomeCountFactory(count=99, replaced_at="2026-04-02T12:00Z")
    OutcomeCountFactory(count=20)

    assert report(MARCH).outcomes[0].count == 20


def test_an_activity_with_an_unknown_part_makes_the_return_unknown():
    OutcomeValueFactory()
    OutcomeCountFactory()
    ActivityFactory()
    ActivityFactory(hours=None)

    found = report(MARCH)

    assert (found.ratio, found.returned.spent.unknown, found.returned.spent.known) == (None, 1, Decimal(500))


def test_imported_advertising_is_a_cost():
    OutcomeValueFactory()
    OutcomeCountFactory()
    ActivityFactory()
    AdSpendFactory(amount=Decimal(100), report_first_day=date(2026, 3, 5), report_last_day=date(2026, 3, 9))
    AdSpendFactory(
        amount=Decimal(70), currency="EUR", report_first_day=date(2026, 3, 6), report_last_day=date(2026, 3, 9)
    )

    found = report(MARCH)

    assert (found.ad_spend, found.foreign_ad_spend, found.returned.spent.total) == (100, 70, 600)
    assert found.ratio.likely == Decimal("1.00")


def test_what_no_campaign_can_claim_stays_visible():
    OutcomeCountFactory(campaign=CampaignFactory(name="Flu shots"), count=5)
    OutcomeCountFactory(campaign=None, count=7)

    found = report(MARCH)

    assert found.unclaimed == 7
    assert [(row.name, row.outcomes) for row in found.campaigns] == [("Flu shots", 5), ("Without a campaign", 7)]


def test_a_campaign_without_costs_in_the_period_has_no_cost_of_zero():
    OutcomeValueFactory()
    OutcomeCountFactory(campaign=CampaignFactory())

    row = report(MARCH).campaigns[0]

    assert (row.returned.spent.total, row.returned.ratio) == (None, None)


def test_donations_without_an_agreed_value_are_named():
    OutcomeValueFactory()
    OutcomeCountFactory()
    OutcomeCountFactory(kind=OutcomeKind.DONATION, count=4)
    ActivityFactory()

    found = report(MARCH)

    assert found.returned.worth.unvalued == {"donation": 4}
    assert found.ratio.likely == Decimal("1.40")


def test_months_keep_their_own_costs():
    OutcomeValueFactory()
    OutcomeCountFactory()
    ActivityFactory()

    february, march = ratio_by_month(Period(date(2026, 2, 1), date(2026, 3, 31)))

    assert (february[0], february[1].ratio) == (date(2026, 2, 1), None)
    assert march[1].ratio.likely == Decimal("1.40")


def test_demo_figures_are_told_apart():
    OutcomeCountFactory()
    assert report(MARCH).is_demo is False
    ActivityFactory(is_demo=True)
    assert report(MARCH).is_demo is True


@pytest.mark.parametrize("rows", [1, 3])
def test_report_takes_the_same_queries_for_any_number(rows, django_assert_num_queries):
    for number in range(rows):
        campaign = CampaignFactory()
        OutcomeCountFactory(campaign=campaign)
        ActivityFactory(campaign=campaign)
        OutcomeValueFactory(starts=date(2025, 1 + number, 1))
    AssumptionFactory(key=Assumption.Key.ATTRIBUTION)

    with django_assert_num_queries(6):
        report(MARCH)


def test_a_target_that_moves_keeps_the_earlier_one():
    goal = GoalFactory()
    GoalTargetFactory(goal=goal, value=100, set_on=date(2026, 1, 1))
    GoalTargetFactory(goal=goal, value=120, set_on=date(2026, 2, 1))
    GoalTargetFactory(goal=goal, value=999, set_on=date(2026, 9, 1))

    [(_goal, targets)] = open_goals(date(2026, 3, 1))

    assert [target.value for target in targets] == [100, 120]
