from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, NotificationKind, Tool, ToolGroup
from coe_portal.personal import Personal, PersonalRecords, Retention, work_of
from coe_portal.reminders.actions import ASKED, ESCALATED, OVERDUE, SOON
from coe_portal.reminders.permissions import may_set_thresholds

contribution = Contribution(
    app="reminders",
    label=_("Reminders"),
    personal=Personal(
        records=[
            PersonalRecords("reminders.reminder", "person", _("Reminders of obligations"), ["key", "stage", "sent_at"]),
            *work_of("reminders.reminder", "by"),
        ],
        retentions=[
            Retention(
                key="reminders.reminders",
                label=_("Reminders of obligations"),
                what=_("That somebody was reminded, of what and when"),
                days=400,
                # The first stage begins 90 days before a date: what is forgotten sooner would be said twice.
                least=120,
                basis=_("Thirteen months: a yearly obligation is told once a stage"),
                model="reminders.reminder",
                moment="sent_at",
                person="person",
            )
        ],
    ),
    tools=[
        Tool(
            _("Reminders"),
            _("When coordinators and managers are told of what is past due"),
            "reminders:settings",
            "reminder",
            ToolGroup.RUNNING,
            may_set_thresholds,
        )
    ],
    notification_kinds=[
        NotificationKind(SOON, _("Something of yours is due soon"), while_owed=True),
        NotificationKind(
            OVERDUE,
            _("Something mandatory of yours is past due"),
            required=True,
            while_owed=True,
            why=_("The organisation must be able to show that you were told, so this cannot be switched off."),
        ),
        NotificationKind(
            ASKED,
            _("Your coordinator reminds you"),
            required=True,
            while_owed=True,
            why=_("A coordinator asks for it by hand, once a day at most, so this cannot be switched off."),
        ),
        NotificationKind(
            ESCALATED,
            _("People of yours are long past due"),
            required=True,
            why=_("It is part of being a coordinator or a manager, so this cannot be switched off."),
        ),
    ],
)
