"""How far an erasure has got, and until when the name behind it can be opened."""

from dataclasses import dataclass
from datetime import date, timedelta

from coe_portal.outbox.models import QueuedJob
from coe_portal.privacy.models import Erasure, SealedName
from coe_portal.privacy.queries.catalogue import retentions
from coe_portal.privacy.queries.retaining import days_of


@dataclass(frozen=True)
class StoppedJob:
    """`error` is the kind of error alone: what the database says of it may hold the name."""

    number: int
    error: str


def stopped_job(erasure: Erasure) -> StoppedJob | None:
    """The job that was tried so often that it waits for somebody, if it is so."""
    if erasure.state != Erasure.State.WAITING:
        return None
    found = QueuedJob.objects.parked().filter(key=erasure.job_key).first()
    return StoppedJob(found.pk, found.error.partition(":")[0][:100]) if found else None


def sealed_until(sealed: SealedName) -> date:
    return sealed.counts_from + timedelta(days=days_of(retentions()["privacy.sealed_names"]) + 1)
