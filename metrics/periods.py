"""Whole months, which is what executives compare, and the equally long period before them."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

MONTH = re.compile(r"^(20\d\d)-(0[1-9]|1[0-2])$")
LONGEST = 60


@dataclass(frozen=True)
class Period:
    """From the first day of a month to the last day of a month."""

    start: date
    end: date

    @property
    def months(self) -> int:
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    @property
    def previous(self) -> "Period":
        return ending(self.start - timedelta(days=1), self.months)

    @property
    def label(self) -> str:
        first, last = (formats.date_format(day, "YEAR_MONTH_FORMAT") for day in (self.start, self.end))
        return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def query(self) -> str:
        return f"from={self.start:%Y-%m}&to={self.end:%Y-%m}"

    def every_month(self) -> list[date]:
        return [add_months(self.start, number) for number in range(self.months)]


def add_months(month: date, number: int) -> date:
    """The first day of the month so many months later (or earlier)."""
    index = month.year * 12 + month.month - 1 + number
    return date(index // 12, index % 12 + 1, 1)


def ending(last: date, months: int) -> Period:
    """So many months, the last of them the month of that day."""
    end = last.replace(day=monthrange(last.year, last.month)[1])
    return Period(add_months(last, 1 - months), end)


def last_full(today: date, months: int = 12) -> Period:
    """The month that is running is left out: half a month would look like a fall."""
    return ending(today.replace(day=1) - timedelta(days=1), months)


def period_asked(params: Mapping[str, str], today: date, months: int = 12) -> Period:
    """From the address (`from=2026-01&to=2026-06`); what cannot be understood gives the last full months."""
    first, last = month_of(params.get("from", "")), month_of(params.get("to", ""))
    if not (first and last) or first > last or last > today:
        return last_full(today, months)
    asked = Period(first, ending(last, 1).end)
    return asked if asked.months <= LONGEST else ending(last, LONGEST)


def month_of(text: str) -> date | None:
    found = MONTH.match(text)
    return date(int(found[1]), int(found[2]), 1) if found else None
