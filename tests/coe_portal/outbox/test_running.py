import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from coe_portal.core.jobs import Later, job
from coe_portal.outbox.actions import enqueue
from coe_portal.outbox.models import QueuedJob
from coe_portal.outbox.running import run
from coe_portal.people.models import Department
from tests.factories.people import DepartmentFactory

pytestmark = pytest.mark.usefixtures("own_jobs")


def queued(name: str, **arguments: object) -> QueuedJob:
    enqueue(name, arguments, due=timezone.now() - timedelta(seconds=1))
    return QueuedJob.objects.get(name=name)


def in_threads(number: int, work: Callable[[], None]) -> None:
    def and_close() -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=and_close) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db
def test_a_job_runs_with_its_arguments_and_is_done():
    got: list[int] = []

    @job("test.note")
    def note(number: int) -> None:
        got.append(number)

    waiting = queued("test.note", number=7)

    run(waiting.pk)
    run(waiting.pk)

    waiting.refresh_from_db()
    assert got == [7]
    assert (waiting.state, waiting.attempts, waiting.error) == ("done", 1, "")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_deliveries_in_parallel_one_has_an_effect():
    department = DepartmentFactory(name="")

    @job("test.grow")
    def grow() -> None:
        found = Department.objects.get(pk=department.pk)
        found.name += "x"
        found.save()

    waiting = queued("test.grow")

    in_threads(20, lambda: run(waiting.pk))

    department.refresh_from_db()
    assert department.name == "x"


@pytest.mark.django_db(transaction=True)
def test_a_failed_job_leaves_nothing_behind_and_waits():
    @job("test.half")
    def half() -> None:
        DepartmentFactory(code="HALF")
        raise ValueError("the second half is missing")

    waiting = queued("test.half")

    run(waiting.pk)

    waiting.refresh_from_db()
    assert not Department.objects.filter(code="HALF").exists()
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert waiting.error.startswith("ValueError: the second half is missing")
    assert waiting.due_at > timezone.now() + timedelta(seconds=30)


@pytest.mark.django_db
def test_the_third_failure_parks():
    job("test.fail")(lambda: 1 / 0)
    waiting = queued("test.fail")

    for _ in range(4):
        QueuedJob.objects.update(due_at=timezone.now())
        run(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("parked", 3)
    assert "ZeroDivisionError" in waiting.error


@pytest.mark.django_db
def test_a_job_whose_worker_ended_three_times_is_parked_without_a_fourth():
    runs: list[int] = []
    job("test.deadly")(lambda: runs.append(1))
    waiting = queued("test.deadly")
    QueuedJob.objects.update(attempts=3)

    run(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, runs) == ("parked", [])


@pytest.mark.django_db
def test_an_unknown_job_is_parked_in_the_end_and_says_why():
    waiting = queued("test.unknown")

    for _ in range(3):
        QueuedJob.objects.update(due_at=timezone.now())
        run(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == "parked"
    assert "No app defines the job test.unknown" in waiting.error


@pytest.mark.django_db
def test_later_is_no_failure():
    at = timezone.now() + timedelta(hours=1)

    @job("test.later")
    def later() -> None:
        raise Later(at, "The network asks to wait.")

    waiting = queued("test.later")

    run(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.due_at) == ("waiting", 0, at)
    assert waiting.error == "The network asks to wait."


@pytest.mark.django_db
def test_a_job_that_is_not_due_does_not_run():
    runs: list[int] = []
    job("test.early")(lambda: runs.append(1))
    enqueue("test.early", due=timezone.now() + timedelta(minutes=5))

    run(QueuedJob.objects.get().pk)

    assert runs == []


@pytest.mark.django_db(transaction=True)
def test_the_attempt_is_counted_before_the_job_begins():
    seen: list[int] = []

    @job("test.look", atomic=False)
    def look() -> None:
        seen.append(QueuedJob.objects.get(name="test.look").attempts)

    run(queued("test.look").pk)

    assert seen == [1]


@pytest.mark.django_db(transaction=True)
def test_an_atomic_job_is_done_in_the_transaction_of_its_work():
    @job("test.together")
    def together() -> None:
        DepartmentFactory(code="TOGETHER")
        transaction.set_rollback(True)

    waiting = queued("test.together")

    run(waiting.pk)

    waiting.refresh_from_db()
    assert not Department.objects.filter(code="TOGETHER").exists()
    assert waiting.state == "waiting"


@pytest.mark.django_db
def test_a_job_may_ask_for_more_attempts_that_wait_an_hour_at_most():
    job("test.patient", attempts=6)(lambda: 1 / 0)
    waiting = queued("test.patient")

    for _ in range(5):
        QueuedJob.objects.update(due_at=timezone.now())
        run(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("waiting", 5)
    assert waiting.due_at <= timezone.now() + timedelta(hours=1)
    QueuedJob.objects.update(due_at=timezone.now())
    run(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "parked"
