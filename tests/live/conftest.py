import pytest
from django.utils import timezone

from coe_portal.channels.models import Channel
from coe_portal.outbox import actions, running
from coe_portal.outbox.models import QueuedJob
from metrics import tasks  # noqa: F401 - the jobs, by name


@pytest.fixture
def collect_due():
    """Run the tick and every job that it asks for, as the worker does."""

    def collect(channel: Channel) -> None:
        channel.streams.update(next_due_at=timezone.now())
        QueuedJob.objects.create(name="metrics.collect_due", due_at=timezone.now())
        for _ in range(2):
            for job_id in actions.sweep(at=timezone.now()):
                running.run(job_id)

    return collect
