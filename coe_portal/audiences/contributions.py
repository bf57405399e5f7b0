from django.utils.translation import gettext_lazy as _

from coe_portal.audiences.actions import CHANGED, FAILED
from coe_portal.contributions import Contribution, NotificationKind, Tool, ToolGroup
from coe_portal.people.permissions import may_manage_audiences

contribution = Contribution(
    app="audiences",
    label=_("Audiences"),
    tools=[
        Tool(
            _("Audiences"), _("Saved rules that say whom something is for"),
            "audiences:index", "audience", ToolGroup.PEOPLE, may_manage_audiences,
        ),
    ],
    notification_kinds=[
        NotificationKind(
            CHANGED,
            _("Who joined and left the audiences this morning, if I asked for it"),
            visible=may_manage_audiences,
        ),
        NotificationKind(FAILED, _("An audience could not be worked out"), visible=may_manage_audiences),
    ],
)  # fmt: skip
