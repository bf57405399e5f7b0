from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from celery import current_app
from django.db.models import Count, Max
from django.utils.timesince import timesince
from django_celery_beat.models import PeriodicTask

from coe_portal.outbox.models import QueuedJob

NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Scheduled:
    """A scheduled job, how often it should run and how it went."""

    name: str
    every: timedelta
    last_done: datetime | None
    parked: int
    counted_from: datetime | None
    """When the scheduler last gave it a turn, or began to count the time to the first one."""

    @property
    def every_in_words(self) -> str:
        return str(timesince(NOON - self.every, NOON))

    @property
    def first_turn(self) -> datetime | None:
        """Of a job that has not run yet; of which the scheduler has never heard, none."""
        return self.counted_from + self.every if self.counted_from and not self.last_done else None

    def is_late(self, at: datetime) -> bool:
        since = self.last_done or self.counted_from
        return since is None or at - since > 2 * self.every


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
    counted_from = dict(PeriodicTask.objects.filter(name__in=schedule).values_list("name", "last_run_at"))
    return [
        Scheduled(name, every, done.get(name), parked.get(name, 0), counted_from.get(name))
        for name, every in sorted(schedule.items())
    ]
