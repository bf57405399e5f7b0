from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.notifications import actions
from coe_portal.outbox.actions import enqueue

# Short enough to end before a worker that is told to stop is killed; the next job goes on where this one ended.
SEND_FOR_SECONDS = 15


@job("notifications.queue_digests")
def queue_digests() -> None:
    actions.queue_digests(at=timezone.now())


@job("notifications.queue_mail")
def queue_mail() -> None:
    actions.queue_mail(at=timezone.now())


@job("notifications.send_mail", atomic=False)
def send_mail() -> None:
    if actions.send_mail(seconds=SEND_FOR_SECONDS):
        enqueue("notifications.send_mail")


@job("notifications.post_to_chat", atomic=False, attempts=8)
def post_to_chat(destination_id: int, title: str, text: str, url: str) -> None:
    actions.deliver(destination_id=destination_id, title=title, text=text, url=url, at=timezone.now())
