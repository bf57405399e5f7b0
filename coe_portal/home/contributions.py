from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, NavItem, NotificationKind, Tool, ToolGroup, has_tools
from coe_portal.home.permissions import coordinates
from coe_portal.people.permissions import may_administer, may_read_audit_trail, may_see_all_roles
from coe_portal.search.permissions import may_tend_search

contribution = Contribution(
    app="home",
    nav=[
        NavItem(_("Home"), "home:index", "home", 0),
        NavItem(_("My department"), "home:departments", "department", 80, visible=coordinates),
        NavItem(_("Administration"), "home:administration", "settings", 90, visible=has_tools),
    ],
    # Those of the rooms below contributions, too, which cannot speak for themselves.
    tools=[
        Tool(
            _("People"), _("Who is here, in which department, with which role"),
            "people:index", "person", ToolGroup.PEOPLE, may_administer,
        ),
        Tool(
            _("Roles"), _("Who has what where, and until when"),
            "people:roles", "licence", ToolGroup.PEOPLE, may_see_all_roles,
        ),
        Tool(
            _("Departments"), _("The tree that roles and audiences are cut from"),
            "people:departments", "department", ToolGroup.PEOPLE, may_administer,
        ),
        Tool(
            _("Access tokens"), _("With which other programs come in"),
            "tokens:index", "key", ToolGroup.SIGN_IN, may_administer,
        ),
        Tool(
            _("Synonyms"), _("Words that mean the same to the search"),
            "search:synonyms", "equal", ToolGroup.MESSAGES, may_tend_search,
        ),
        Tool(
            _("Searches that found nothing"), _("What people look for and we do not have yet"),
            "search:missed", "search", ToolGroup.MESSAGES, may_tend_search,
        ),
        Tool(
            _("Audit trail"), _("Who did what to what, and when"),
            "audit:index", "list", ToolGroup.RECORDS, may_read_audit_trail,
        ),
        Tool(
            _("Mail"), _("What waits for the mail server, and what it did not take"),
            "home:mails", "mail", ToolGroup.RUNNING, may_administer,
        ),
        Tool(
            _("Chat rooms"), _("Teams, Slack and others that announcements are posted to"),
            "home:chat_rooms", "feedback", ToolGroup.MESSAGES, may_administer,
        ),
        Tool(
            _("Jobs"), _("What runs by itself, and what is stuck"),
            "home:jobs", "refresh", ToolGroup.RUNNING, may_administer,
        ),
    ],
    notification_kinds=[NotificationKind("role-handed-on", _("A role was handed on for a while, to me or by me"))],
)  # fmt: skip
