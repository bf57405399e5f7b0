"""With a real worker: what happens when it is killed while it works."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from coe_portal.outbox import actions
from coe_portal.outbox.actions import enqueue
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import Department
from tests.factories.people import DepartmentFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

COMMAND = [
    sys.executable, "-m", "celery", "-A", "tests.coe_portal.outbox.worker:app", "worker",
    "--concurrency=1", "--loglevel=WARNING", "--without-gossip", "--without-mingle",
]  # fmt: skip


def database_url() -> str:
    known = connection.settings_dict
    who = quote(known["USER"] or "", safe="") + (f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else "")
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgres://{who}@{quote(known['HOST'] or '', safe='')}{port}/{known['NAME']}"


@pytest.fixture
def start_worker() -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    lose_messages()
    started = []

    def start() -> "subprocess.Popen[bytes]":
        environment = {**os.environ, "DATABASE_URL": database_url()}
        worker = subprocess.Popen(COMMAND, env=environment, start_new_session=True)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def lose_messages() -> None:
    with current_app.connection_for_read() as broker:
        broker.default_channel.queue_purge(current_app.conf.task_default_queue)


def until(true: Callable[[], bool], seconds: float = 90) -> bool:
    """Sweeps like beat does, and waits."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        actions.nudge()
        time.sleep(0.5)
    return False


def states() -> list[tuple[str, int]]:
    return list(QueuedJob.objects.values_list("state", "attempts"))


def said(department: Department) -> str:
    department.refresh_from_db()
    return department.location


def test_a_job_whose_process_dies_is_run_again(start_worker):
    department = DepartmentFactory()
    enqueue("test.kill_once", {"department_id": department.pk})

    start_worker()

    assert until(lambda: states() == [("done", 2)])
    assert said(department) == "killed;ended;"


def test_a_job_is_run_again_after_its_whole_worker_was_killed(start_worker):
    department = DepartmentFactory()
    enqueue("test.slow", {"department_id": department.pk, "seconds": 20})
    worker = start_worker()
    assert until(lambda: said(department) == "begun;")

    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    QueuedJob.objects.update(arguments={"department_id": department.pk, "seconds": 0})
    a_sweep_later = timezone.now() - actions.SEND_AGAIN_AFTER - timedelta(seconds=1)
    QueuedJob.objects.update(sent_at=a_sweep_later)
    start_worker()

    assert until(lambda: states() == [("done", 2)])
    assert said(department) == "begun;begun;ended;"


def test_a_message_that_is_lost_with_the_broker_is_sent_again(start_worker):
    department = DepartmentFactory()
    enqueue("test.slow", {"department_id": department.pk, "seconds": 0})
    QueuedJob.objects.update(sent_at=timezone.now() - actions.SEND_AGAIN_AFTER - timedelta(seconds=1))
    lose_messages()

    start_worker()

    assert until(lambda: states() == [("done", 1)])
    assert said(department) == "begun;ended;"
