"""What happened to people, for those who note it. Sent inside the transaction; no answer is expected."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.dispatch import Signal

from coe_portal.people.models import User

# Sent with `by`, `verb`, `on` and `details`. A receiver that fails undoes the change: nothing happens unrecorded.
happened = Signal()


def tell(*, by: User | None, verb: str, on: Model, details: Mapping[str, Any] | None = None) -> None:
    happened.send(sender=type(on), by=by, verb=verb, on=on, details=dict(details or {}))
