import time
from typing import Any

from django.core.cache import cache
from django_celery_beat.schedulers import DatabaseScheduler

HEARTBEAT_KEY = "beat:heartbeat"
ALIVE_FOR_SECONDS = 30


class HeartbeatScheduler(DatabaseScheduler):  # type: ignore[misc]
    """django-celery-beat's scheduler, which leaves a sign of life for /healthz."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        cache.set(HEARTBEAT_KEY, time.time(), ALIVE_FOR_SECONDS)
        wait: float = super().tick(*args, **kwargs)
        return wait
