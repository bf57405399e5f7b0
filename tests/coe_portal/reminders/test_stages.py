from datetime import date, timedelta

import pytest

from coe_portal.reminders.stages import days_late, stage_of

DUE = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("days_before", "stage"),
    [
        (91, None),
        (90, "90"),
        (61, "90"),
        (60, "60"),
        (31, "60"),
        (30, "30"),
        (8, "30"),
        (7, "7"),
        (1, "7"),
        (0, "due"),
        (-6, "due"),
        (-7, "late-1"),
        (-13, "late-1"),
        (-14, "late-2"),
        (-364, "late-52"),
    ],
)
def test_every_day_has_one_stage(days_before: int, stage: str | None):
    assert stage_of(DUE, DUE - timedelta(days=days_before)) == stage


def test_what_has_no_date_is_not_reminded_of():
    assert stage_of(None, DUE) is None
    assert days_late(None, DUE) == 0


def test_days_late():
    assert [days_late(DUE, DUE + timedelta(days=days)) for days in [-1, 0, 1, 9]] == [0, 0, 1, 9]
