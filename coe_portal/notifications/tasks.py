from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.notifications import actions


@job("notifications.mail")
def mail() -> None:
    actions.queue_mail()


@job("notifications.mail_person")
def mail_person(person_id: int, up_to: int) -> None:
    actions.mail_person(person_id=person_id, up_to=up_to, at=timezone.now())
