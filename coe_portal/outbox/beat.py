import time
from typing import Any

from django.core.cache import cache
from django.db.models import F
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

HEARTBEAT_KEY = "beat:heartbeat"
ALIVE_FOR_SECONDS = 30


class HeartbeatScheduler(DatabaseScheduler):  # type: ignore[misc]
    """django-celery-beat's scheduler, which leaves a sign of life for /healthz and keeps first turns over a restart."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        # It counts the time to a first turn from when its row was last saved, and saves every row when it starts: where
        # it starts every morning no daily job would ever begin.
        PeriodicTask.objects.filter(last_run_at=None).update(last_run_at=F("date_changed"))

    def tick(self, *args: Any, **kwargs: Any) -> float:
        cache.set(HEARTBEAT_KEY, time.time(), ALIVE_FOR_SECONDS)
        wait: float = super().tick(*args, **kwargs)
        return wait
