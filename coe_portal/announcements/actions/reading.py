"""Read and acknowledge."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from coe_portal.announcements.models import Announcement, Receipt
from coe_portal.audit import actions as audit
from coe_portal.notifications.actions import mark_seen
from coe_portal.people.models import User


@transaction.atomic
def mark_read(*, by: User, announcement_ids: Collection[int], at: datetime) -> None:
    Receipt.objects.bulk_create(
        [Receipt(announcement_id=each, person=by, read_at=at) for each in announcement_ids], ignore_conflicts=True
    )
    urls = [reverse("announcements:announcement", args=[each]) for each in announcement_ids]
    mark_seen(person=by, urls=urls, at=at)


@transaction.atomic
def acknowledge(*, by: User, announcement: Announcement, at: datetime) -> Receipt:
    """Once; a second time changes nothing and returns the first receipt."""
    mark_read(by=by, announcement_ids=[announcement.pk], at=at)
    receipt = Receipt.objects.select_for_update().get(announcement=announcement, person=by)
    if receipt.acknowledged_at is None:
        receipt.acknowledged_at = at
        receipt.save(update_fields=["acknowledged_at"])
        audit.record(by=by, verb="announcement.acknowledged", on=announcement)
    return receipt
