"""Figures as they are to be read. What is not known says so: never a dash, never a zero."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from metrics.returns.arithmetic import Range

register = template.Library()

Number = int | float | Decimal
# A template gives "" for an attribute of something that is None.
Nothing = Literal[""] | None
MINUS = "\N{MINUS SIGN}"
PER_CENT = "\N{NO-BREAK SPACE}%"


@register.filter
def figure(value: Number | Nothing, places: int = 0) -> str:
    if value is None or value == "":
        return _("not known")
    rounded = _rounded(value, places)
    return _whole(rounded) if places == 0 else _grouped(rounded, places)


@register.filter
def money(value: Number | Nothing) -> str:
    """US dollars without cents, which is as exact as a return can be."""
    if value is None or value == "":
        return _("not known")
    rounded = _rounded(value, 0)
    sign = MINUS if rounded < 0 else ""
    return f"{sign}${_whole(abs(rounded))}"


@register.filter
def percent(ratio: Number | Nothing, *, signed: bool = True) -> str:
    """A ratio of 0.4 as +40 %."""
    if ratio is None or ratio == "":
        return _("not known")
    value = _rounded(Decimal(str(ratio)) * 100, 0)
    sign = MINUS if value < 0 else ("+" if signed and value > 0 else "")
    return f"{sign}{_whole(abs(value))}{PER_CENT}"


@register.filter
def money_range(value: Range | Nothing) -> str:
    if value is None or value == "":
        return _("not known")
    return _("%(low)s to %(high)s") % {"low": money(value.low), "high": money(value.high)}


@register.filter
def percent_range(value: Range | Nothing) -> str:
    if value is None or value == "":
        return _("not known")
    return _("%(low)s to %(high)s") % {"low": percent(value.low), "high": percent(value.high)}


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    return mapping.get(key)


def _whole(value: Decimal) -> str:
    """Ten times as fast as Django's number_format, and pages hold hundreds of whole numbers."""
    return f"{value:,.0f}".replace(",", str(formats.get_format("THOUSAND_SEPARATOR")))


def _grouped(value: Decimal, places: int) -> str:
    return formats.number_format(value, places, use_l10n=True, force_grouping=True)


def _rounded(value: Number, places: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@register.filter
def percent_plain(ratio: Number | Nothing, places: int = 0) -> str:
    """A share such as 0.034 as 3.4 %, without a sign."""
    if ratio is None or ratio == "":
        return _("not known")
    value = _rounded(Decimal(str(ratio)) * 100, places)
    return f"{_grouped(value, places)}{PER_CENT}"
