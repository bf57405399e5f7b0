"""With a real broker, worker and two beats: the broker is killed with hundreds of jobs in its queue."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db.models import Count

from coe_portal.outbox.actions import enqueue_many
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import Department
from ops.valkey import binary
from tests.coe_portal.outbox.test_worker import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(480)]

JOBS = 800
CELERY = [sys.executable, "-m", "celery", "-A", "tests.coe_portal.outbox.worker:app"]


class Machines:
    """A broker that keeps nothing, and whatever talks to it, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []
        self.supervised: list[tuple[subprocess.Popen[bytes], tuple[str, ...]]] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def broker(self) -> "subprocess.Popen[bytes]":
        command = [str(binary()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        running = self._start([*command, "--dir", str(self.folder)])
        while socket.socket().connect_ex(("127.0.0.1", self.port)):
            time.sleep(0.05)
        return running

    def celery(self, *arguments: str) -> None:
        self.supervised.append((self._start([*CELERY, *arguments, "--loglevel=WARNING"]), arguments))

    def supervise(self) -> None:
        """Celery may end when its broker does; whoever runs the portal starts it again."""
        ended = [each for each in self.supervised if each[0].poll() is not None]
        for each in ended:
            self.supervised.remove(each)
            self.celery(*each[1])

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        where = {"DATABASE_URL": database_url(), "REDIS_URL": f"redis://127.0.0.1:{self.port}"}
        running = subprocess.Popen(command, env={**os.environ, **where}, start_new_session=True)
        self.started.append(running)
        return running

    def end(self) -> None:
        for each in reversed(self.started):
            if each.poll() is None:
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    found = Machines(tmp_path)
    yield found
    found.end()


def until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.5)
    return False


def done() -> int:
    return QueuedJob.objects.filter(name="test.count", state="done").count()


def test_nothing_is_lost_and_nothing_happens_twice(machines: Machines):
    broker = machines.broker()
    enqueue_many("test.count", [({"number": each}, f"count:{each}") for each in range(JOBS)])
    machines.celery("worker", "--concurrency=2", "--without-gossip", "--without-mingle")
    for _beat in range(2):
        machines.celery("beat", "--pidfile=")
    assert until(lambda: done() > 100, 150)

    broker.kill()
    broker.wait()
    lost = QueuedJob.objects.filter(name="test.count", state="waiting", sent_at__isnull=False).count()
    machines.broker()

    def all_done() -> bool:
        machines.supervise()
        return done() == JOBS

    assert until(all_done, 240)
    assert lost > 100
    counted = Department.objects.filter(code__startswith="job-").values("name").annotate(times=Count("pk"))
    assert counted.count() == JOBS
    assert counted.filter(times__gt=1).count() == 0
    slots = QueuedJob.objects.filter(key__regex=r"@[0-9]+$")
    assert slots.filter(name="notifications.queue_mail").exists()
    assert slots.filter(state="done", attempts__gt=1).count() == 0
