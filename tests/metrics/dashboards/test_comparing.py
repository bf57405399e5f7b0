from datetime import date
from decimal import Decimal

import pytest

from metrics.dashboards.comparing import Observed, change
from metrics.dashboards.rates import Rate, formula, rate, refusal


def seen(value, days=31, channels=4):
    return Observed(None if value is None else Decimal(value), days, channels)


def test_a_change_is_relative_to_the_period_before():
    assert change(seen(130), seen(100)).ratio == Decimal("0.3")
    assert change(seen(130), seen(100)).trend == "up"
    assert change(seen(70), seen(100)).trend == "down"
    assert change(seen(100), seen(100)).trend == "flat"


@pytest.mark.parametrize(
    ("now", "before", "redefined", "reason"),
    [
        (seen(None), seen(100), None, "no earlier period to compare with"),
        (seen(100), seen(None), None, "no earlier period to compare with"),
        (seen(100), seen(90), date(2026, 3, 1), "not compared: the network changed what it counts"),
        (seen(100, channels=8), seen(90, channels=7), None, "not compared: channels reporting then 7, now 8"),
        (seen(100, days=31), seen(90, days=20), None, "not compared: one period lacks more days than the other"),
        (seen(100), seen(0), None, "not compared: the earlier figure is zero"),
    ],
)
def test_no_change_is_said_where_periods_cannot_be_compared(now, before, redefined, reason):
    found = change(now, before, redefined)

    assert (found.ratio, found.trend, found.reason) == (None, "", reason)


def test_each_network_has_its_own_rate():
    figures = {"engagements": Decimal(30), "reach": Decimal(1000), "impressions": Decimal(1500)}

    assert rate("facebook", figures).value == Decimal("0.03")
    assert rate("x", figures).value == Decimal("0.02")
    assert formula("x") == "engagements ÷ impressions"
    assert rate("feed", figures) is None


def test_a_rate_without_its_divisor_is_unknown():
    assert rate("facebook", {"engagements": Decimal(30)}).value is None
    assert rate("facebook", {"engagements": Decimal(30), "reach": Decimal(0)}).value is None


def test_rates_with_different_formulas_are_refused_with_the_reason():
    rates = [
        Rate("facebook", "reach", Decimal(1)),
        Rate("instagram", "reach", Decimal(1)),
        Rate("x", "impressions", None),
    ]

    assert refusal(rates[:2]) == ""
    assert refusal(rates) == (
        "These rates are not compared, because they are different things. "
        "X: engagements ÷ impressions; Facebook, Instagram: engagements ÷ reach."
    )
