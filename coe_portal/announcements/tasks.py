from django.utils import timezone

from coe_portal.announcements import actions
from coe_portal.core.jobs import job


@job("announcements.publish")
def publish(announcement_id: int) -> None:
    actions.publish_scheduled(announcement_id=announcement_id, at=timezone.now())


@job("announcements.tell_audience")
def tell_audience(announcement_id: int) -> None:
    actions.tell_audience(announcement_id=announcement_id)


@job("announcements.note_expiry")
def note_expiry(announcement_id: int) -> None:
    actions.note_expiry(announcement_id=announcement_id)
