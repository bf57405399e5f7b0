from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, NavItem
from metrics.dashboards.permissions import can_see_figures

contribution = Contribution(
    app="metrics",
    nav=[NavItem(_("Metrics"), "metrics:index", "metrics", 60, can_see_figures)],
)
