import socket
import time

import pytest
from celery import current_app
from django.core.cache import cache
from django.test import Client

from coe_portal.home.health import health
from coe_portal.outbox.beat import HEARTBEAT_KEY

pytestmark = pytest.mark.django_db


def test_every_part_is_named_and_what_is_missing_makes_it_503():
    response = Client().get("/healthz")

    assert response.status_code == 503
    parts = response.json()
    assert (parts["database"], parts["broker"], parts["worker"], parts["beat"]) == ("ok", "ok", "missing", "missing")
    assert parts["status"] == "missing parts"


def test_a_beat_that_has_just_been_heard_is_up():
    cache.set(HEARTBEAT_KEY, time.time())

    assert health()["beat"] == "ok"


def test_a_beat_that_was_heard_long_ago_is_missing():
    cache.set(HEARTBEAT_KEY, time.time() - 120)

    assert health()["beat"] == "missing"


def test_a_frozen_broker_is_missing_and_told_soon(monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        monkeypatch.setattr(current_app.conf, "broker_write_url", url)
        monkeypatch.setattr(current_app.conf, "broker_read_url", url)
        started = time.monotonic()

        found = health()

    assert (found["broker"], found["worker"]) == ("missing", "missing")
    assert time.monotonic() - started < 6


def test_many_who_ask_cost_one_question_to_the_worker(monkeypatch: pytest.MonkeyPatch):
    asked = []
    monkeypatch.setattr(current_app.control, "ping", lambda **options: asked.append(options) or [{"worker": "pong"}])

    found = [health()["worker"] for _ in range(20)]

    assert found == ["ok"] * 20
    assert len(asked) == 1


def test_it_is_open_and_nobody_keeps_it():
    response = Client().get("/healthz")

    assert "no-store" in response.headers["Cache-Control"]
