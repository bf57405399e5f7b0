from django.db import transaction
from django.utils import timezone

from coe_portal.core.jobs import job
from feedback import reads
from feedback.actions import reading


@job("feedback.flush_reads")
def flush_reads() -> None:
    """Taken marks are forgotten only after they are committed; written twice they change nothing."""
    reading.write_reads(reads=reads.take(), at=timezone.now())
    transaction.on_commit(reads.written, robust=True)
