"""Every write of figures."""

from collections.abc import Collection, Iterable

from django.db import connection, transaction

from coe_portal.core.versions import bump
from metrics.collection import merging
from metrics.collection.models import Run
from metrics.collection.observations import GapSeen, Observation, Recorded


@transaction.atomic
def record_samples(*, run: Run, observations: Collection[Observation], gaps: Iterable[GapSeen] = ()) -> Recorded:
    """Merge a batch: samples, gaps, day and month rollups in one transaction.

    Any order and any repetition of batches gives the same figures: older readings never overwrite newer ones,
    and a network's interface is believed before its export, its export before what was typed in.
    """
    recorded = Recorded()
    with connection.cursor() as cursor:
        merging.alone(cursor)
        if observations:
            merging.stage(cursor, observations)
            recorded = merging.compare(cursor)
            merging.merge(cursor, run.pk, withdraws=any(each.value is None for each in observations))
    merging.open_gaps(run.pk, gaps)
    bump("metrics", *{f"metrics:{each.channel_id}" for each in observations})
    return recorded


@transaction.atomic
def preview(*, observations: Collection[Observation]) -> Recorded:
    """What `record_samples` would do; nothing is kept."""
    if not observations:
        return Recorded()
    with connection.cursor() as cursor:
        merging.stage(cursor, observations)
        return merging.compare(cursor)
