"""The sums behind the return on investment. Pure functions: figures in, figures out, what is unknown said in words.

ROI = (value - cost) / cost, once with the low, once with the likely and once with the high value of each outcome.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Range:
    low: Decimal
    likely: Decimal
    high: Decimal

    def times(self, number: Decimal) -> "Range":
        return Range(self.low * number, self.likely * number, self.high * number)

    def plus(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)


NOTHING = Range(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Agreed:
    """A value that finance agreed on, in force from `starts`."""

    kind: str
    starts: date
    value: Range


@dataclass(frozen=True)
class Counted:
    kind: str
    month: date
    count: Decimal


@dataclass(frozen=True)
class Worth:
    """`value` is None when no outcome has an agreed value; `unvalued` counts the outcomes left out, by kind."""

    value: Range | None
    unvalued: Mapping[str, Decimal]

    @property
    def likely(self) -> Decimal | None:
        return None if self.value is None else self.value.likely


@dataclass(frozen=True)
class Spent:
    """`known` adds up what is known; `unknown` is the number of `entries` that lack a part of their cost."""

    known: Decimal
    unknown: int
    entries: int

    @property
    def total(self) -> Decimal | None:
        """None while a part is unknown, and where nobody has entered anything: that is no cost of zero."""
        return None if self.unknown or not self.entries else self.known


@dataclass(frozen=True)
class Return:
    """`ratio` is None when it cannot be said; `problem` is then the reason's key."""

    worth: Worth
    spent: Spent
    ratio: Range | None
    problem: str


NO_COST = "no_cost"
COST_UNKNOWN = "cost_unknown"
VALUE_UNKNOWN = "value_unknown"


def value_in_force(agreed: Iterable[Agreed], kind: str, month: date) -> Range | None:
    """The newest agreement that had begun when the month ended; an outcome of March is worth what March agreed on."""
    known = [
        each
        for each in agreed
        if each.kind == kind and (each.starts.year, each.starts.month) <= (month.year, month.month)
    ]
    return max(known, key=lambda each: each.starts).value if known else None


def worth(counts: Iterable[Counted], agreed: Collection[Agreed]) -> Worth:
    total: Range | None = None
    unvalued: dict[str, Decimal] = {}
    for each in counts:
        value = value_in_force(agreed, each.kind, each.month)
        if value is None:
            unvalued[each.kind] = unvalued.get(each.kind, Decimal(0)) + each.count
        else:
            total = (total or NOTHING).plus(value.times(each.count))
    return Worth(total, {kind: count for kind, count in unvalued.items() if count})


def spent(costs: Sequence[Decimal | None]) -> Spent:
    known = sum((cost for cost in costs if cost is not None), Decimal(0))
    return Spent(known, unknown=costs.count(None), entries=len(costs))


def returned(counts: Iterable[Counted], agreed: Collection[Agreed], costs: Sequence[Decimal | None]) -> Return:
    value, cost = worth(counts, agreed), spent(costs)
    problem = _problem(value, cost)
    return Return(value, cost, None if problem else _ratio(value, cost), problem)


def _problem(value: Worth, cost: Spent) -> str:
    if cost.unknown:
        return COST_UNKNOWN
    if cost.known == 0:
        return NO_COST
    return VALUE_UNKNOWN if value.value is None else ""


def _ratio(value: Worth, cost: Spent) -> Range | None:
    if value.value is None:
        return None
    low, likely, high = (
        ((each - cost.known) / cost.known).quantize(CENT)
        for each in (value.value.low, value.value.likely, value.value.high)
    )
    return Range(low, likely, high)
