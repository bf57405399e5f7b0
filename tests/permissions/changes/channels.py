"""The register of channels."""

from coe_portal.channels.models import Publisher
from tests.permissions.changes.kinds import NEW, Change, as_shown, one
from tests.permissions.samples import branch, colleague

CHANNEL = "channels.channel"


CHANGES: dict[str, Change] = {
    "channels:add": one(
        "strategist", "add", CHANNEL, NEW,
        fields=lambda page: page.as_shown(network="facebook", handle="quokka", name="Quokka", department=branch().pk),
    ),
    "channels:request": one(
        "employee", "request", CHANNEL, NEW,
        fields=lambda page: {
            "network": "facebook", "handle": "quokka", "name": "Quokka", "department": branch().pk,
            "why_not_existing": "Nobody speaks to marsupials.",
        },
    ),
    "channels:review": one("strategist", "start review of", CHANNEL),
    "channels:decide": one(
        "strategist", "approved", CHANNEL, fields=lambda page: {"decision": "approve", "reason": "Needed."}
    ),
    "channels:edit": one("strategist", "edit", CHANNEL, fields=as_shown(purpose="Another one.")),
    "channels:move": one("strategist", "make dormant", CHANNEL),
    "channels:validate": one("strategist", "validate", CHANNEL),
    "channels:add_publisher": one(
        "strategist", "add publisher to", CHANNEL, fields=lambda page: {"person": colleague().email}
    ),
    "channels:end_publisher": one(
        "strategist", "remove publisher from", CHANNEL,
        lambda given: Publisher.objects.get(pk=given["publisher_id"]).channel_id,
    ),
}  # fmt: skip
