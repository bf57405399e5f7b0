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
    "privacy.remove_old": timedelta(days=1),  # whatever is too old, by the table of retention periods
    "privacy.verify_audit": timedelta(days=1),
    "audit.seal": timedelta(minutes=1),
    "metrics.collect_due": timedelta(minutes=5),
    "audiences.evaluate_daily": timedelta(hours=1),  # the first one after midnight in the organisation does it
    "notifications.queue_digests": timedelta(minutes=15),
    "notifications.queue_mail": timedelta(minutes=1),
    "notifications.send_mail": timedelta(minutes=1),
    "policies.remind_of_reviews": timedelta(hours=12),
    "reminders.remind": timedelta(hours=6),  # what was told is not told again; so one run a day at least is in time
    "search.note_misses": timedelta(minutes=10),
    "search.rebuild_words": timedelta(days=1),
    "feedback.flush_reads": timedelta(minutes=1),
    "identity.watch_providers": timedelta(days=1),
}

app.conf.beat_schedule = {
    "outbox.sweep": {"task": "outbox.sweep", "schedule": timedelta(seconds=15)},
    **{
        name: {"task": "outbox.start", "schedule": every, "args": [name, int(every.total_seconds())]}
        for name, every in SCHEDULE.items()
    },
}
