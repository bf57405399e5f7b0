"""The queue worked off inside a test, as a worker would."""

from coe_portal.celery import app
from coe_portal.core.jobs import find_job
from coe_portal.outbox.models import QueuedJob


def run_jobs() -> None:
    """Those that wait, and what they ask for."""
    app.loader.import_default_modules()
    while waiting := list(QueuedJob.objects.waiting().order_by("pk")):
        for job in waiting:
            find_job(job.name).handler(**job.arguments)
            job.delete()
