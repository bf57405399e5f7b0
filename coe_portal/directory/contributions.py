from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, NotificationKind, TokenScope, Tool, ToolGroup
from coe_portal.directory.personal import personal
from coe_portal.people.permissions import may_administer

SCIM = "scim"

contribution = Contribution(
    app="directory",
    label=_("Directory"),
    personal=personal,
    notification_kinds=[NotificationKind("directory", _("A directory file is brought in"), visible=may_administer)],
    tools=[
        Tool(
            _("Directory"), _("Bring people and departments in, from a file or your identity provider"),
            "directory:index", "import", ToolGroup.PEOPLE, may_administer,
        ),
    ],
    token_scopes=[TokenScope(SCIM, _("Keep people and departments up to date (SCIM)"))],
)  # fmt: skip
