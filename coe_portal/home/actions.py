from django.db import transaction

from coe_portal.audit import actions as audit
from coe_portal.outbox import actions as outbox
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User


@transaction.atomic
def run_again(*, by: User, job: QueuedJob) -> None:
    outbox.retry(job=job)
    audit.record(by=by, verb="job.run_again", on=job, summary=f"{job.name} runs again")


@transaction.atomic
def run_all_again(*, by: User) -> int:
    number = outbox.retry_all()
    audit.record(by=by, verb="job.all_run_again", on=by, details={"jobs": number})
    return number
