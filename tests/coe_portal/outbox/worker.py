"""A Celery worker with jobs that only tests have: `celery -A tests.coe_portal.outbox.worker:app worker`."""

import os
import time
from uuid import uuid4

from django.apps import apps

from coe_portal.celery import app
from coe_portal.core.jobs import job

__all__ = ["app"]


@job("test.slow", atomic=False)
def slow(department_id: int, seconds: float) -> None:
    """Says that it has begun, takes its time, says that it has ended."""
    _add(department_id, "begun;")
    time.sleep(seconds)
    _add(department_id, "ended;")


@job("test.kill_once", atomic=False)
def kill_once(department_id: int) -> None:
    """Takes its process along the first time, like a crash of the machine's memory."""
    if apps.get_model("people.Department").objects.get(pk=department_id).location == "":
        _add(department_id, "killed;")
        os._exit(9)
    _add(department_id, "ended;")


def _add(department_id: int, word: str) -> None:
    department = apps.get_model("people.Department").objects.get(pk=department_id)
    department.location += word
    department.save(update_fields=["location"])


@job("test.count")
def count(number: int) -> None:
    """Leaves a trace each time it runs."""
    apps.get_model("people.Department").objects.create(name=f"Job {number}", code=f"job-{uuid4()}")
