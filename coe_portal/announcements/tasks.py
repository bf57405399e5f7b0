from django.utils import timezone

from coe_portal.announcements import actions
from coe_portal.core.jobs import job


@job("announcements.publish")
def publish(announcement_id: int) -> None:
    actions.publish_scheduled(announcement_id=announcement_id, at=timezone.now())


@job("announcements.send_part")
def send_part(sending_id: int) -> None:
    actions.send_part(sending_id=sending_id, at=timezone.now())


@job("announcements.note_expiry")
def note_expiry(announcement_id: int) -> None:
    actions.note_expiry(announcement_id=announcement_id)
