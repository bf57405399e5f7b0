from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, NotificationKind, Way
from coe_portal.people.permissions import may_administer
from coe_portal.tokens.actions import KIND

contribution = Contribution(
    app="tokens",
    notification_kinds=[
        NotificationKind(
            KIND,
            _("An access token has ended because whoever made it has left"),
            default=Way.AT_ONCE,
            visible=may_administer,
        )
    ],
)
