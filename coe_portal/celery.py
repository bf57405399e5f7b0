"""The Celery app and the one table of scheduled jobs.

Every entry starts an outbox job with a key made of its name and its slot of time, so that two beats,
or a beat that catches up, start each slot once.
"""

import os
from datetime import timedelta

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coe_portal.settings.prod")

app = Celery("coe_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SCHEDULE: dict[str, timedelta] = {
    "metrics.collect_due": timedelta(minutes=5),
    "metrics.drop_old_uploads": timedelta(days=1),
    "notifications.mail": timedelta(minutes=5),
    "people.refresh_audiences": timedelta(hours=6),
    "policies.remind_of_reviews": timedelta(hours=12),
    "search.rebuild_words": timedelta(days=1),
    "feedback.flush_reads": timedelta(minutes=1),
    "feedback.drop_old_drafts": timedelta(days=1),
}

app.conf.beat_schedule = {
    "outbox.sweep": {"task": "outbox.sweep", "schedule": timedelta(seconds=15)},
    **{
        name: {"task": "outbox.start", "schedule": every, "args": [name, int(every.total_seconds())]}
        for name, every in SCHEDULE.items()
    },
}
