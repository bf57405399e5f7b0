"""Ask for a job: the row is written with the caller's transaction, the message is sent after it commits."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coe_portal.outbox.models import QueuedJob, QueuedJobQuerySet
from coe_portal.outbox.publishing import publish

# A message that has not become a finished job in this time has expired and is sent again; a job that still runs
# ignores the second one.
SEND_AGAIN_AFTER = timedelta(seconds=45)
SWEEP_AT_MOST = 1_000


def enqueue(
    name: str, arguments: Mapping[str, Any] | None = None, *, key: str | None = None, due: datetime | None = None
) -> None:
    """`key` makes it happen once: a second request with the same key is dropped.

    It is kept for more than a year; one that ends like `@1764380000`, the number of a slot of time, for days.
    """
    enqueue_many(name, [(arguments or {}, key)], due=due)


def enqueue_many(
    name: str, requests: Iterable[tuple[Mapping[str, Any], str | None]], *, due: datetime | None = None
) -> None:
    now = timezone.now()
    QueuedJob.objects.bulk_create(
        [QueuedJob(name=name, arguments=dict(args), key=key, due_at=due or now) for args, key in requests],
        ignore_conflicts=True,
        batch_size=2_000,
    )
    if due is None or due <= now:
        transaction.on_commit(nudge, robust=True)


def cancel(*, keys: Collection[str]) -> int:
    """Jobs that wait and are not needed any more; their keys stay taken. One that runs at this moment ends."""
    waiting = QueuedJob.objects.filter(state__in=[QueuedJob.State.WAITING, QueuedJob.State.PARKED], key__in=keys)
    return waiting.update(state=QueuedJob.State.DONE, finished_at=timezone.now(), error="")


def nudge() -> None:
    """Ask a worker to sweep now. A broker that is away costs nothing but the wait for the next sweep."""
    publish("outbox.sweep")


def sweep(*, at: datetime) -> list[int]:
    """Mark the due jobs as sent and return their ids, oldest first; two sweepers never take the same one.

    A long queue is sent in parts: what waits longer in the broker than a message lives would be sent for nothing.
    """
    with transaction.atomic():
        under_way = QueuedJob.objects.waiting().filter(sent_at__gte=at - SEND_AGAIN_AFTER).count()
        ids = list(
            QueuedJob.objects.due(at)
            .unsent_since(at - SEND_AGAIN_AFTER)
            .order_by("due_at")
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[: max(0, SWEEP_AT_MOST - under_way)]
        )
        QueuedJob.objects.filter(pk__in=ids).update(sent_at=at)
    return ids


def retry(*, job: QueuedJob) -> None:
    """Give a parked job three more attempts."""
    _retry(QueuedJob.objects.parked().filter(pk=job.pk))


def retry_all() -> int:
    """All that are parked, as after a service that was away; returns how many."""
    return _retry(QueuedJob.objects.parked())


def _retry(jobs: QueuedJobQuerySet) -> int:
    number = jobs.update(state=QueuedJob.State.WAITING, attempts=0, due_at=timezone.now(), sent_at=None)
    transaction.on_commit(nudge, robust=True)
    return number
