"""When an obligation is reminded of: 90, 60, 30 and 7 days before it is due, on the day, and weekly when it is late."""

from datetime import date

BEFORE = (7, 30, 60, 90)
DUE = "due"
LATE = "late"
WEEK = 7


def stage_of(due: date | None, on: date) -> str | None:
    """The one stage of that day, or None while it is too early.

    A stage lasts until the next begins. So whoever gets an obligation late, and a clock that stood still for days, meet
    the nearest stage alone.
    """
    if due is None:
        return None
    days = (due - on).days
    if days > 0:
        return next((str(before) for before in BEFORE if days <= before), None)
    weeks = -days // WEEK
    return f"{LATE}-{weeks}" if weeks else DUE


def days_late(due: date | None, on: date) -> int:
    return max(0, (on - due).days) if due else 0


def asked_stage(day: date) -> str:
    """A coordinator's reminder is of no obligation; there is one a day."""
    return f"asked:{day.isoformat()}"
