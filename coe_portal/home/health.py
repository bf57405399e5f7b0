"""Which parts are up, for a load balancer and for a person in a hurry."""

import time
from collections.abc import Callable

from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext_lazy as _
from kombu import Connection

from coe_portal.audit.models import Verification
from coe_portal.core.database_roles import may_rewrite
from coe_portal.outbox.beat import ALIVE_FOR_SECONDS, HEARTBEAT_KEY

WORKER_ANSWERS_WITHIN = 1.0
WORKER_ASKED_EVERY = 3
WORKER_KEY = "health:worker"
PATIENCE = {"socket_timeout": 2, "socket_connect_timeout": 1, "max_retries": 0}


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _broker_connection() -> Connection:
    return current_app.connection_for_write(transport_options=PATIENCE)


def _broker() -> bool:
    with _broker_connection() as broker:
        broker.default_channel.client.ping()  # type: ignore[attr-defined] # the channel of Redis
    return True


def _worker() -> bool:
    """Asked once in a few seconds, however many ask: anybody may, and each question waits for an answer."""
    known: bool | None = cache.get(WORKER_KEY)
    if known is None:
        known = _worker_answers()
        cache.set(WORKER_KEY, known, WORKER_ASKED_EVERY)
    return known


def _worker_answers() -> bool:
    with _broker_connection() as broker:
        return bool(current_app.control.ping(timeout=WORKER_ANSWERS_WITHIN, limit=1, connection=broker))


def _beat() -> bool:
    seen: float | None = cache.get(HEARTBEAT_KEY)
    return seen is not None and time.time() - seen < ALIVE_FOR_SECONDS


PARTS: dict[str, Callable[[], bool]] = {"database": _database, "broker": _broker, "worker": _worker, "beat": _beat}


PART_LABELS = {"database": _("Database"), "broker": _("Message broker"), "worker": _("Worker"), "beat": _("Scheduler")}


def health() -> dict[str, str]:
    """Per part "ok" or "missing"."""
    return {part: "ok" if _answers(check) else "missing" for part, check in PARTS.items()}


def audit_state() -> str:
    """What the last verification found. A broken trail is somebody's duty, not a reason to take the portal away."""
    return "ok" if _answers(_trail_is_whole) else "broken"


def _trail_is_whole() -> bool:
    last = Verification.objects.order_by("-at").first()
    return last is None or last.is_whole


def can_rewrite_its_trail() -> bool:
    return not _answers(lambda: not may_rewrite())


def _answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - whatever is wrong with a part, it is missing
        return False
