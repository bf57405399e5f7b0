from coe_portal.channels.views.keeping import (
    add,
    add_publisher,
    decide,
    edit,
    end_publisher,
    move,
    request_account,
    review,
    validate,
)
from coe_portal.channels.views.reading import channel, export, index
from coe_portal.channels.views.verifying import verify, verify_json

__all__ = [
    "add",
    "add_publisher",
    "channel",
    "decide",
    "edit",
    "end_publisher",
    "export",
    "index",
    "move",
    "request_account",
    "review",
    "validate",
    "verify",
    "verify_json",
]
