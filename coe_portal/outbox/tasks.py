"""The only Celery tasks there are; everything else is a job that one of them runs."""

from celery import current_app, shared_task
from django.utils import timezone

from coe_portal.outbox import actions, running


@shared_task(name="outbox.sweep")
def sweep() -> None:
    for job_id in actions.sweep(at=timezone.now()):
        current_app.send_task("outbox.run", args=[job_id], expires=actions.SEND_AGAIN_AFTER.total_seconds())


@shared_task(name="outbox.run")
def run(job_id: int) -> None:
    running.run(job_id)


@shared_task(name="outbox.start")
def start(name: str, every_seconds: int) -> None:
    """A scheduled job, once per slot of time, however many beats ask for it."""
    slot = int(timezone.now().timestamp()) // every_seconds
    actions.enqueue(name, key=f"{name}@{slot}")
