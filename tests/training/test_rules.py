from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from training.rules import Permit, Refusal, add_months, attempt_permit, may_be_renewed, score_in_per_cent

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def permit(handed_in, *, allowed=2, extra=0, cool_down_hours=24, at=NOON):
    return attempt_permit(allowed=allowed, extra=extra, cool_down_hours=cool_down_hours, handed_in=handed_in, at=at)


def test_the_first_attempt_may_begin():
    assert permit([]) == Permit(left=2)


def test_the_second_attempt_waits_for_the_cool_down():
    handed_in = NOON - timedelta(hours=23)

    assert permit([handed_in]) == Permit(1, Refusal.COOL_DOWN, handed_in + timedelta(hours=24))


def test_the_second_attempt_may_begin_when_the_cool_down_is_over():
    assert permit([NOON - timedelta(hours=24)]) == Permit(left=1)


def test_no_attempt_is_left_after_the_last():
    long_ago = NOON - timedelta(days=9)

    assert permit([long_ago, long_ago]) == Permit(0, Refusal.ALL_USED)


def test_another_attempt_can_be_allowed_on_top():
    long_ago = NOON - timedelta(days=9)

    assert permit([long_ago, long_ago], extra=1) == Permit(left=1)


def test_attempts_without_a_limit_are_never_used_up():
    assert permit([NOON - timedelta(days=2)] * 40, allowed=None) == Permit(left=None)


@pytest.mark.parametrize(
    ("points", "score"),
    [
        ([], Decimal("0.00")),
        ([Decimal(1), Decimal(0)], Decimal("50.00")),
        ([Decimal(1), Decimal(1), Decimal(1) / 3], Decimal("77.78")),
    ],
)
def test_every_question_counts_the_same(points, score):
    assert score_in_per_cent(points) == score


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2026, 12, 1), 24, date(2028, 12, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day, months, later):
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("until", "renewable"),
    [(None, False), (date(2026, 6, 1), False), (date(2026, 5, 31), True), (date(2026, 1, 1), True)],
)
def test_a_certificate_can_be_renewed_from_ninety_days_before_its_end(until, renewable):
    assert may_be_renewed(until, date(2026, 3, 2)) is renewable
