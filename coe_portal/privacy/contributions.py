from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, NavItem, NotificationKind, Tool, ToolGroup
from coe_portal.privacy.own import personal
from coe_portal.privacy.permissions import may_look_after_privacy, may_see_erasures

contribution = Contribution(
    app="privacy",
    personal=personal,
    nav=[NavItem(_("Privacy"), "privacy:index", "guard", 75, may_look_after_privacy)],
    tools=[
        Tool(
            _("Erasures"), _("People who left and are to become a pseudonym"),
            "privacy:erasures", "person", ToolGroup.RECORDS, may_see_erasures,
        ),
    ],
    notification_kinds=[
        NotificationKind("privacy_export", _("My data are ready"), private=True),
        NotificationKind(
            "privacy_erasure", _("An erasure waits for me, or is done"), private=True, visible=may_look_after_privacy
        ),
        NotificationKind(
            "privacy_trail", _("The audit trail is broken"), required=True, visible=may_look_after_privacy
        ),
        NotificationKind("privacy_purge", _("A purge is done"), private=True, visible=may_look_after_privacy),
    ],
)  # fmt: skip
