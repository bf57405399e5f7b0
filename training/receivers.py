from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from coe_portal.outbox.actions import enqueue
from coe_portal.people.facts import members_changed
from training.models import Assignment


@receiver(members_changed, dispatch_uid="training.people")
def enrol_who_joined(*, audience_id: int, joined: Collection[int], **kwargs: Any) -> None:
    """Standing orders hold for joiners from their first day."""
    here = Q(audience=audience_id) | Q(course__audience=audience_id)
    if joined and Assignment.objects.filter(here, for_joiners=True).exists():
        enqueue("training.enrol_joiners", {"audience_id": audience_id})
