from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from celery import current_app
from django.db.models import Count, Max
from django.utils.timesince import timesince

from coe_portal.outbox.models import QueuedJob

NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Scheduled:
    """A scheduled job, how often it should run and how it went."""

    name: str
    every: timedelta
    last_done: datetime | None
    parked: int

    @property
    def every_in_words(self) -> str:
        return str(timesince(NOON - self.every, NOON))

    def is_late(self, at: datetime) -> bool:
        return self.last_done is None or at - self.last_done > 2 * self.every


def scheduled_jobs() -> list[Scheduled]:
    """Every line of the table of scheduled jobs, by name."""
    lines = [entry["args"] for entry in current_app.conf.beat_schedule.values() if entry["task"] == "outbox.start"]
    schedule = {name: timedelta(seconds=seconds) for name, seconds in lines}
    done = dict(
        QueuedJob.objects.filter(name__in=schedule, state=QueuedJob.State.DONE)
        .values("name")
        .annotate(last=Max("finished_at"))
        .values_list("name", "last")
    )
    parked = dict(
        QueuedJob.objects.parked()
        .filter(name__in=schedule)
        .values("name")
        .annotate(number=Count("pk"))
        .values_list("name", "number")
    )
    return [Scheduled(name, every, done.get(name), parked.get(name, 0)) for name, every in sorted(schedule.items())]
