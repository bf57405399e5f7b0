"""The rules of training as plain functions: dates and counts in, an answer out."""

import calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

RENEW_FROM = timedelta(days=90)


class Refusal(StrEnum):
    ALL_USED = "all_used"
    COOL_DOWN = "cool_down"


@dataclass(frozen=True)
class Permit:
    """Whether another attempt may begin, and if not, why and from when it may."""

    left: int | None
    refusal: Refusal | None = None
    opens_at: datetime | None = None

    @property
    def allowed(self) -> bool:
        return self.refusal is None


def attempt_permit(
    *, allowed: int | None, extra: int, cool_down_hours: int, handed_in: Sequence[datetime], at: datetime
) -> Permit:
    left = None if allowed is None else max(allowed + extra - len(handed_in), 0)
    if left == 0:
        return Permit(left, Refusal.ALL_USED)
    if handed_in:
        opens_at = max(handed_in) + timedelta(hours=cool_down_hours)
        if at < opens_at:
            return Permit(left, Refusal.COOL_DOWN, opens_at)
    return Permit(left)


def score_in_per_cent(points: Collection[Decimal]) -> Decimal:
    """Each question counts the same; a scenario counts by the share of right moves on the way taken."""
    share = sum(points, Decimal(0)) / len(points) if points else Decimal(0)
    return (share * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def may_be_renewed(valid_until: date | None, on: date) -> bool:
    return valid_until is not None and valid_until - RENEW_FROM <= on
