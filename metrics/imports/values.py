"""Cells to numbers, days and moments. What cannot be is an error with a reason, never a guess."""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

GREATEST = Decimal("1e15")

DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%b %d, %Y", "%B %d, %Y", "%Y%m%d")
MOMENTS = (
    "%Y-%m-%d %H:%M %z",
    "%m/%d/%Y %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    *DAYS,
)


class BadCell(Exception):
    """Why a cell cannot be used."""


def number(cell: str, column: str) -> Decimal:
    """ "1,234", "29.0" and "-3" are numbers; a formula or a word is not."""
    text = cell.strip().replace("\u00a0", "")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= GREATEST:
        raise BadCell(_("“%(cell)s” in %(column)s is not a number.") % {"cell": cell[:40], "column": column})
    return value.quantize(Decimal("0.0001")).normalize() + 0


def whole_id(cell: str, column: str) -> str:
    """A spreadsheet turns long ids into 1.22158E+17, which is nobody's id any more."""
    if re.fullmatch(r"\d+([.,]\d+)?[eE]\+?\d+", cell):
        message = _("“%(cell)s” in %(column)s is rounded by a spreadsheet program. Import the file as exported.")
        raise BadCell(message % {"cell": cell, "column": column})
    if not cell:
        raise BadCell(_("%(column)s is empty.") % {"column": column})
    return cell[:300]


def day(cell: str, column: str) -> date:
    """The day as it is written, whatever stamp stands behind it: a provider's day is never converted."""
    text = cell.strip()
    stamp = re.match(r"(\d{4}-\d{2}-\d{2})[T ]", text)
    for form in DAYS:
        try:
            return datetime.strptime(stamp[1] if stamp else text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise BadCell(_("“%(cell)s” in %(column)s is not a date.") % {"cell": cell[:40], "column": column})


def moment(cell: str, column: str, zone: tzinfo = UTC) -> datetime:
    """A time without a zone is one of the channel's place."""
    for form in MOMENTS:
        try:
            found = datetime.strptime(cell.strip(), form)  # noqa: DTZ007
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=zone)
    raise BadCell(_("“%(cell)s” in %(column)s is not a time.") % {"cell": cell[:40], "column": column})
