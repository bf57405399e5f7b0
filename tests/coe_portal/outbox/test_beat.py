from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from coe_portal.outbox.beat import HeartbeatScheduler
from coe_portal.outbox.queries import scheduled_jobs

DAILY = "search.rebuild_words"


@pytest.mark.django_db(transaction=True)  # the scheduler closes connections
def test_a_restart_does_not_put_the_first_turn_off():
    starts()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    PeriodicTask.objects.update(last_run_at=an_hour_ago)

    starts()

    [daily] = [each for each in scheduled_jobs() if each.name == DAILY]
    assert daily.first_turn == an_hour_ago + timedelta(days=1)
    assert not daily.is_late(timezone.now())
    assert daily.is_late(timezone.now() + timedelta(days=2))


@pytest.mark.django_db
def test_a_job_of_which_no_scheduler_has_heard_is_late():
    assert all(each.is_late(timezone.now()) and not each.first_turn for each in scheduled_jobs())


def starts() -> None:
    HeartbeatScheduler(app=current_app, lazy=True).setup_schedule()
