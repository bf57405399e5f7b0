"""A change is only said where both periods can be compared. Pure functions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

ALIKE = Decimal("0.9")


@dataclass(frozen=True)
class Observed:
    """A figure of a period with what stands behind it: how many days and accounts gave one."""

    value: Decimal | None
    days: int
    channels: int


@dataclass(frozen=True)
class Change:
    """`ratio` is None where nothing may be said; `reason` then says why."""

    ratio: Decimal | None
    reason: str = ""

    @property
    def trend(self) -> str:
        if self.ratio is None:
            return ""
        return "flat" if abs(self.ratio) < Decimal("0.005") else ("up" if self.ratio > 0 else "down")


def change(now: Observed, before: Observed, redefined: date | None = None) -> Change:
    """Against the period before; refused across a redefinition, other accounts or many fewer days."""
    if now.value is None or before.value is None:
        return Change(None, _("no earlier period to compare with"))
    if redefined:
        return Change(None, _("not compared: the network changed what it counts"))
    if now.channels != before.channels:
        found = {"before": before.channels, "now": now.channels}
        return Change(None, _("not compared: channels reporting then %(before)d, now %(now)d") % found)
    if not _alike(now.days, before.days):
        return Change(None, _("not compared: one period lacks more days than the other"))
    if before.value <= 0:
        return Change(None, _("not compared: the earlier figure is zero"))
    return Change((now.value - before.value) / before.value)


def _alike(one: int, other: int) -> bool:
    return min(one, other) >= ALIKE * max(one, other)
