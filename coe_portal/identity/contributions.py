from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, NotificationKind, Tool, ToolGroup, Way
from coe_portal.identity.actions.watching import KIND
from coe_portal.identity.permissions import may_invite, may_manage_sign_in

contribution = Contribution(
    app="identity",
    notification_kinds=[
        NotificationKind(
            KIND,
            _("An identity provider has changed, cannot be read, or a certificate is about to expire"),
            default=Way.AT_ONCE,
            visible=may_manage_sign_in,
        )
    ],
    tools=[
        Tool(
            _("How people sign in"), _("Identity providers, second step, sessions"),
            "identity:sign_in", "lock", ToolGroup.SIGN_IN, may_manage_sign_in,
        ),
        Tool(
            _("Invitations"), _("Let somebody in whom the directory does not know"),
            "identity:invitations", "mail", ToolGroup.SIGN_IN, may_invite,
        ),
    ],
)  # fmt: skip
