"""Messages to the broker, over connections that give up soon: a broker that is gone or frozen delays nobody."""

import logging
import time
from functools import cache

from celery import current_app
from kombu import Connection
from kombu.pools import producers

log = logging.getLogger(__name__)

GIVE_UP_AFTER_SECONDS = 1
PAUSE_AFTER_FAILURE_SECONDS = 15.0

_paused_until = 0.0


@cache
def _connection() -> Connection:
    limits = {
        "socket_timeout": GIVE_UP_AFTER_SECONDS,
        "socket_connect_timeout": GIVE_UP_AFTER_SECONDS,
        "max_retries": 0,
    }
    return current_app.connection_for_write(transport_options=limits)


def publish(task: str) -> bool:
    """Send a task without arguments. False when the broker did not take it; it is then left alone for a while."""
    global _paused_until  # noqa: PLW0603 - one broker, one pause, for the whole process
    if time.monotonic() < _paused_until:
        return False
    try:
        with producers[_connection()].acquire(block=True, timeout=GIVE_UP_AFTER_SECONDS) as producer:
            current_app.send_task(task, producer=producer, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 - whatever the broker says, the rows are safe
        _paused_until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
        log.warning("The broker does not answer, the sweeper will send later: %s", error)
        return False
    return True
