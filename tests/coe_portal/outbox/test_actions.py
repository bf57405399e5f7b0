from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from coe_portal.outbox.actions import (
    SEND_AGAIN_AFTER,
    SWEEP_AT_MOST,
    enqueue,
    enqueue_many,
    retry,
    sweep,
)
from coe_portal.outbox.models import QueuedJob

pytestmark = pytest.mark.django_db


def test_enqueue_writes_a_row_with_the_transaction():
    with transaction.atomic():
        enqueue("some.job", {"id": 1})
        transaction.set_rollback(True)

    assert QueuedJob.objects.count() == 0


def test_the_same_key_is_queued_once():
    enqueue("some.job", {"id": 1}, key="some.job:1")
    enqueue("some.job", {"id": 2}, key="some.job:1")

    assert list(QueuedJob.objects.values_list("arguments", flat=True)) == [{"id": 1}]


def test_without_a_key_a_job_is_queued_as_often_as_asked_for():
    enqueue_many("some.job", [({}, None), ({}, None)])

    assert QueuedJob.objects.count() == 2


def test_sweep_takes_what_is_due_the_oldest_first_and_only_once():
    now = timezone.now()
    enqueue("late", due=now - timedelta(hours=1))
    enqueue("later", due=now - timedelta(hours=2))
    enqueue("future", due=now + timedelta(hours=1))

    taken = sweep(at=now)

    assert [QueuedJob.objects.get(pk=pk).name for pk in taken] == ["later", "late"]
    assert sweep(at=now) == []


def test_sweep_sends_again_what_did_not_finish():
    now = timezone.now()
    enqueue("some.job")
    taken = sweep(at=now + timedelta(seconds=1))

    assert sweep(at=now + SEND_AGAIN_AFTER + timedelta(seconds=2)) == taken


def test_sweep_keeps_a_long_queue_from_being_sent_again_and_again():
    now = timezone.now()
    enqueue_many("some.job", [({}, None)] * (SWEEP_AT_MOST + 5), due=now)

    first, second = sweep(at=now), sweep(at=now + timedelta(seconds=1))

    assert (len(first), len(second)) == (SWEEP_AT_MOST, 0)


def test_retry_gives_a_parked_job_three_more_attempts():
    parked = QueuedJob.objects.create(name="some.job", due_at=timezone.now(), state="parked", attempts=3, error="no")

    retry(job=parked)

    parked.refresh_from_db()
    assert (parked.state, parked.attempts, parked.sent_at) == ("waiting", 0, None)


def test_retry_leaves_a_finished_job_alone():
    done = QueuedJob.objects.create(name="some.job", due_at=timezone.now(), state="done")

    retry(job=done)

    done.refresh_from_db()
    assert done.state == "done"
