from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coe_portal.audit import actions as audit
from coe_portal.notifications.actions import notify
from coe_portal.outbox import actions as outbox
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import Department, User


@transaction.atomic
def remind(*, by: User, department: Department, person_ids: Collection[int], on: date) -> None:
    """Tell these people that something is open; the key keeps it to one reminder a person a day."""
    notify(
        person_ids=person_ids,
        kind="reminder",
        subject=_("Please look at what is still open for you"),
        url=reverse("home:my"),
        key=f"reminder:{on.isoformat()}",
    )
    audit.record(by=by, verb="department.reminded", on=department, details={"people": len(person_ids)})


@transaction.atomic
def run_again(*, by: User, job: QueuedJob) -> None:
    outbox.retry(job=job)
    audit.record(by=by, verb="job.run_again", on=job, summary=f"{job.name} runs again")
