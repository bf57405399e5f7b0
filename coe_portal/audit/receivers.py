from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.dispatch import receiver

from coe_portal.audit import actions
from coe_portal.people.facts import happened
from coe_portal.people.models import User


@receiver(happened, dispatch_uid="audit.people")
def note_what_happened(*, by: User | None, verb: str, on: Model, details: Mapping[str, Any], **kwargs: Any) -> None:
    """People stand below the audit trail and cannot call it, so they tell and it writes."""
    actions.record(by=by, verb=verb, on=on, details=details)
