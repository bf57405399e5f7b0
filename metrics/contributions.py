from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, NavItem
from metrics.standing.permissions import can_see_standing

contribution = Contribution(
    app="metrics",
    nav=[NavItem(_("Metrics"), "metrics:standing", "metrics", 60, can_see_standing)],
)
