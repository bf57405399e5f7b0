"""What the register of channels keeps of a person."""

from django.utils.translation import gettext_lazy as _

from coe_portal.personal import CHOSEN, Columns, Personal, PersonalRecords, work_of

personal = Personal(
    records=[
        PersonalRecords(
            "channels.publisher", "person", _("Channels published with"), ["channel__name", "starts", "ends"]
        ),
        PersonalRecords(
            "channels.channelrequest",
            "requested_by",
            _("Channels asked for"),
            ["channel__name", "requested_at", "why_not_existing", "decision", "decision_reason"],
        ),
        PersonalRecords("channels.channel", "first_contact", _("Channels, as first contact"), ["name", "handle"]),
        PersonalRecords("channels.channel", "second_contact", _("Channels, as second contact"), ["name", "handle"]),
        *work_of("channels.channelrequest", "decided_by"),
    ],
    texts={
        "channels.channel": Columns(
            "handle name url external_id recovery_contact purpose", never={CHOSEN: "time_zone"}
        ),
        "channels.channelrequest": Columns("why_not_existing decision_reason"),
    },
)
