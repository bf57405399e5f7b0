"""A broker that is away, or there and silent, must not hold up the person who pressed a button."""

import socket
import time
from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import transaction

from coe_portal.outbox import publishing
from coe_portal.outbox.actions import enqueue
from coe_portal.outbox.models import QueuedJob

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Point the app's broker somewhere else."""

    def point(url: str) -> None:
        monkeypatch.setattr(current_app.conf, "broker_write_url", url)
        publishing._connection.cache_clear()

    yield point
    publishing._connection.cache_clear()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word, like a frozen server."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def seconds_to_enqueue() -> float:
    started = time.monotonic()
    with transaction.atomic():
        enqueue("some.job")
    return time.monotonic() - started


def test_a_broker_that_is_gone_neither_breaks_nor_delays(broker_at, closed_port):
    broker_at(f"redis://127.0.0.1:{closed_port}/0")

    assert seconds_to_enqueue() < 2
    assert QueuedJob.objects.count() == 1


def test_a_frozen_broker_delays_once_and_not_for_long(broker_at, silent_port):
    broker_at(f"redis://127.0.0.1:{silent_port}/0")

    first, second = seconds_to_enqueue(), seconds_to_enqueue()

    assert first < 5
    assert second < first / 2
    assert QueuedJob.objects.count() == 2


def test_a_message_reaches_the_queue():
    queue = current_app.conf.task_default_queue
    with current_app.connection_for_read() as broker:
        broker.default_channel.queue_purge(queue)

    assert publishing.publish("outbox.sweep")

    with current_app.connection_for_read() as broker:
        message = broker.SimpleQueue(queue).get(timeout=2)
        message.ack()
    assert message.headers["task"] == "outbox.sweep"
