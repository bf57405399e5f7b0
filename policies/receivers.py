from collections.abc import Collection
from datetime import date
from typing import Any

from django.dispatch import receiver

from coe_portal.outbox.actions import enqueue
from coe_portal.people.facts import members_changed
from policies.models import Version


@receiver(members_changed, dispatch_uid="policies.people")
def welcome_who_joined(*, audience_id: int, joined: Collection[int], on: date, **kwargs: Any) -> None:
    """What they owe follows from the audience by itself; that they hear of it is a job."""
    asked = Version.objects.published().filter(policy__audience=audience_id, policy__must_acknowledge=True)
    if joined and asked.exists():
        enqueue("policies.welcome", {"audience_id": audience_id, "on": on.isoformat()})
