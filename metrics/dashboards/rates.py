"""Engagement rates. There is no single formula, so each network has its own, and unlike ones are never compared."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from coe_portal.channels.models import Network
from metrics.collection.dictionary import label_of

# What each network lets us divide its engagements by; a network that is not here has no engagement rate.
DIVISORS: Mapping[str, str] = {
    Network.FACEBOOK: "reach",
    Network.INSTAGRAM: "reach",
    Network.LINKEDIN: "impressions",
    Network.X: "impressions",
    Network.YOUTUBE: "views",
    Network.TIKTOK: "video_views",
    Network.THREADS: "views",
    Network.PINTEREST: "impressions",
}


@dataclass(frozen=True)
class Rate:
    """`value` is None while the engagements or what they are divided by are unknown or zero."""

    network: str
    divisor: str
    value: Decimal | None

    @property
    def label(self) -> str:
        return str(Network(self.network).label)

    @property
    def formula(self) -> str:
        return formula(self.network)


def formula(network: str) -> str:
    divisor = DIVISORS.get(network)
    return _("engagements ÷ %(divisor)s") % {"divisor": label_of(divisor).lower()} if divisor else ""


def rate(network: str, figures: Mapping[str, Decimal | None]) -> Rate | None:
    divisor = DIVISORS.get(network)
    if divisor is None:
        return None
    engagements, base = figures.get("engagements"), figures.get(divisor)
    return Rate(network, divisor, engagements / base if engagements is not None and base else None)


def refusal(rates: Collection[Rate]) -> str:
    """Why these rates may not stand in one row; empty where they may."""
    divisors = {each.divisor for each in rates}
    if len(divisors) < 2:
        return ""
    used = "; ".join(
        f"{', '.join(sorted(each.label for each in rates if each.divisor == divisor))}: "
        + _("engagements ÷ %(divisor)s") % {"divisor": label_of(divisor).lower()}
        for divisor in sorted(divisors)
    )
    return _("These rates are not compared, because they are different things. %(used)s.") % {"used": used}
