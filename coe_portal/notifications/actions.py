"""Tell people something, mark it read."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from coe_portal.core.versions import bump
from coe_portal.notifications.models import Notification
from coe_portal.people.models import User


@transaction.atomic
def notify(*, person_ids: Collection[int], kind: str, subject: str, url: str, key: str) -> None:
    """Each person is told once per key, however often this is called. Mail follows in the next bundle."""
    Notification.objects.bulk_create(
        [Notification(person_id=each, kind=kind, subject=subject[:200], url=url, key=key) for each in person_ids],
        ignore_conflicts=True,
        batch_size=5_000,
    )
    bump(*(f"person:{person_id}" for person_id in person_ids))


@transaction.atomic
def mark_read(*, person: User, at: datetime) -> None:
    Notification.objects.visible_to(person).unread().update(read_at=at)
    bump(f"person:{person.pk}")
