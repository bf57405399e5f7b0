"""Figures and posts as they come in, from whatever source."""

from collections.abc import Collection, Iterable

from django.db import connection, transaction

from coe_portal.core.versions import bump
from metrics.collection import merging, merging_posts
from metrics.collection.models import Run
from metrics.collection.observations import GapSeen, Observation, PostSeen, Recorded


@transaction.atomic
def record_samples(*, run: Run, observations: Collection[Observation], gaps: Iterable[GapSeen] = ()) -> Recorded:
    """Merge a batch: samples, gaps, day and month rollups in one transaction.

    Any order and any repetition of batches gives the same figures: older readings never overwrite newer ones,
    and a network's interface is believed before its export, its export before what was typed in.
    """
    recorded = Recorded()
    gaps = list(gaps)
    with connection.cursor() as cursor:
        merging.alone(cursor)
        if observations:
            merging.stage(cursor, observations)
            recorded = merging.compare(cursor)
            merging.merge(cursor, run.pk)
    merging.open_gaps(run.pk, gaps)
    touched = {each.channel_id for each in observations} | {each.channel_id for each in gaps}
    bump("metrics", *(f"metrics:{channel_id}" for channel_id in touched))
    return recorded


@transaction.atomic
def preview(*, observations: Collection[Observation]) -> Recorded:
    """What `record_samples` would do; nothing is kept."""
    if not observations:
        return Recorded()
    with connection.cursor() as cursor:
        merging.stage(cursor, observations)
        return merging.compare(cursor)


@transaction.atomic
def record_posts(*, run: Run, posts: Collection[PostSeen]) -> Recorded:
    """Add posts and their totals; a total is kept only where it changed. Counts posts, not figures."""
    if not posts:
        return Recorded()
    with connection.cursor() as cursor:
        merging.alone(cursor)
        recorded = merging_posts.merge(cursor, run.pk, posts)
    bump("metrics", *(f"metrics:{channel_id}" for channel_id in {each.channel_id for each in posts}))
    return recorded
