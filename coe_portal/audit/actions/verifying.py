from datetime import datetime
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone

from coe_portal.audit.models import Verification
from coe_portal.audit.queries.verifying import verify
from coe_portal.people.models import User

PRUNING = 7_240_102


@transaction.atomic
def note_verification(*, by: User | None) -> Verification:
    """Verify the whole trail and keep what came of it; `by` is None for the nightly one."""
    begun = monotonic()
    with connection.cursor() as cursor:  # never while old entries are removed
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PRUNING])
    outcome = verify()
    return Verification.objects.create(
        at=timezone.now(),
        by=by,
        entries=outcome.entries,
        seals=outcome.seals,
        head=outcome.head,
        problem=outcome.problem,
        broken_entry=outcome.broken_entry,
        seconds=monotonic() - begun,
    )


@transaction.atomic
def prune(*, before: datetime) -> int:
    """Remove the entries of all seals older than that; the database itself refuses what is younger than six years."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PRUNING])
        cursor.execute("SELECT audit_prune(%s)", [before])
        return int(cursor.fetchone()[0])
