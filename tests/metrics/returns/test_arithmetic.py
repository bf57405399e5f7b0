from datetime import date
from decimal import Decimal

from metrics.returns.arithmetic import (
    COST_UNKNOWN,
    NO_COST,
    VALUE_UNKNOWN,
    Agreed,
    Counted,
    Range,
    returned,
    spent,
    value_in_force,
    worth,
)

MARCH = date(2026, 3, 1)
CALLS = Agreed("call", date(2026, 1, 1), Range(Decimal(40), Decimal(60), Decimal(90)))


def test_return_by_hand():
    """20 calls at 40 / 60 / 90 are 800 / 1,200 / 1,800; on a cost of 500 that is 0.6 / 1.4 / 2.6 of it gained."""
    found = returned([Counted("call", MARCH, Decimal(20))], [CALLS], [Decimal(300), Decimal(200)])

    assert found.worth.value == Range(Decimal(800), Decimal(1200), Decimal(1800))
    assert found.spent.total == Decimal(500)
    assert found.ratio == Range(Decimal("0.60"), Decimal("1.40"), Decimal("2.60"))
    assert found.problem == ""


def test_a_loss_is_negative():
    found = returned([Counted("call", MARCH, Decimal(5))], [CALLS], [Decimal(600)])

    assert found.ratio == Range(Decimal("-0.67"), Decimal("-0.50"), Decimal("-0.25"))


def test_without_cost_there_is_no_ratio():
    for costs in ([], [Decimal(0)]):
        found = returned([Counted("call", MARCH, Decimal(20))], [CALLS], costs)

        assert (found.ratio, found.problem) == (None, NO_COST)
        assert found.worth.value == Range(Decimal(800), Decimal(1200), Decimal(1800))


def test_one_unknown_cost_makes_the_ratio_unknown():
    found = returned([Counted("call", MARCH, Decimal(20))], [CALLS], [Decimal(300), None])

    assert (found.ratio, found.problem, found.spent.total, found.spent.known) == (
        None,
        COST_UNKNOWN,
        None,
        Decimal(300),
    )


def test_without_any_agreed_value_the_ratio_is_unknown():
    found = returned([Counted("donation", MARCH, Decimal(3))], [CALLS], [Decimal(300)])

    assert (found.ratio, found.problem, found.worth.value) == (None, VALUE_UNKNOWN, None)
    assert found.worth.unvalued == {"donation": Decimal(3)}


def test_no_outcomes_are_not_worth_zero():
    assert worth([], [CALLS]).value is None


def test_outcomes_without_a_value_are_left_out_and_named():
    found = worth([Counted("call", MARCH, Decimal(2)), Counted("donation", MARCH, Decimal(3))], [CALLS])

    assert found.value == Range(Decimal(80), Decimal(120), Decimal(180))
    assert found.unvalued == {"donation": Decimal(3)}


def test_zero_counted_outcomes_are_worth_nothing():
    assert worth([Counted("call", MARCH, Decimal(0))], [CALLS]).value == Range(Decimal(0), Decimal(0), Decimal(0))


def test_each_month_has_the_value_agreed_for_it():
    later = Agreed("call", date(2026, 3, 15), Range(Decimal(1), Decimal(2), Decimal(3)))
    counts = [Counted("call", date(2026, 2, 1), Decimal(1)), Counted("call", MARCH, Decimal(1))]

    assert worth(counts, [CALLS, later]).value == Range(Decimal(41), Decimal(62), Decimal(93))


def test_no_value_is_in_force_before_the_first_agreement():
    assert value_in_force([CALLS], "call", date(2025, 12, 1)) is None


def test_spent_adds_up_what_is_known_and_counts_the_rest():
    found = spent([Decimal(10), None, Decimal("0.50"), None])

    assert (found.known, found.unknown, found.total) == (Decimal("10.50"), 2, None)


def test_no_entry_is_no_cost_of_zero():
    assert spent([]).total is None
    assert spent([Decimal(0)]).total == 0
