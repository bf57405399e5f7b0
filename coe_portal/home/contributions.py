from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, NavItem, NotificationKind
from coe_portal.home.permissions import coordinates, sees_administration

contribution = Contribution(
    app="home",
    nav=[
        NavItem(_("Home"), "home:index", "home", 0),
        NavItem(_("My department"), "home:departments", "department", 80, visible=coordinates),
        NavItem(_("Administration"), "home:administration", "settings", 90, visible=sees_administration),
    ],
    notification_kinds=[NotificationKind("reminder", _("Reminder of open obligations"))],
)
