"""Run one queued job: one worker at a time, attempts counted before it starts, parked when it failed too often."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from coe_portal.core.jobs import ATTEMPTS, Job, Later, find_job
from coe_portal.outbox.models import QueuedJob

log = logging.getLogger(__name__)

LOCK_CLASS = 20_417
RETRY_SECONDS = 10
RETRY_SECONDS_AT_MOST = 3_600


@contextmanager
def _alone(job_id: int) -> Iterator[bool]:
    """A lock of the database session: it ends with the worker, however the worker ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, job_id % 2**31])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, job_id % 2**31])


def run(job_id: int) -> None:
    with _alone(job_id) as alone:
        if not alone:
            return
        queued = QueuedJob.objects.waiting().filter(pk=job_id).first()
        if queued is None or queued.due_at > timezone.now():
            return
        if queued.attempts >= _attempts_of(queued.name):
            _park(queued, queued.error or "The worker ended each time it ran this job.")
            return
        QueuedJob.objects.filter(pk=job_id).update(attempts=F("attempts") + 1, started_at=timezone.now())
        _attempt(queued)


def _attempt(queued: QueuedJob) -> None:
    try:
        _execute(find_job(queued.name), queued)
    except Later as later:
        QueuedJob.objects.filter(pk=queued.pk).update(
            attempts=queued.attempts, due_at=later.at, sent_at=None, error=str(later)
        )
    except Exception as error:
        log.exception("The job %s failed", queued)
        _failed(queued, f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-3)}")


def _attempts_of(name: str) -> int:
    try:
        return find_job(name).attempts
    except LookupError:
        return ATTEMPTS


def _execute(job: Job, queued: QueuedJob) -> None:
    if job.atomic:
        with transaction.atomic():
            job.handler(**queued.arguments)
            _done(queued)
    else:
        job.handler(**queued.arguments)
        _done(queued)


def _done(queued: QueuedJob) -> None:
    QueuedJob.objects.filter(pk=queued.pk).update(state=QueuedJob.State.DONE, finished_at=timezone.now(), error="")


def _failed(queued: QueuedJob, error: str) -> None:
    attempts = queued.attempts + 1
    if attempts >= _attempts_of(queued.name):
        _park(queued, error)
        return
    wait = min(RETRY_SECONDS * 4**attempts, RETRY_SECONDS_AT_MOST)
    due = timezone.now() + timedelta(seconds=wait)
    QueuedJob.objects.filter(pk=queued.pk).update(due_at=due, sent_at=None, error=error)


def _park(queued: QueuedJob, error: str) -> None:
    log.error("The job %s is parked", queued)
    QueuedJob.objects.filter(pk=queued.pk).update(state=QueuedJob.State.PARKED, finished_at=timezone.now(), error=error)
