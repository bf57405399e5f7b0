"""How the collection is going: reads for its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from coe_portal.channels.models import Channel
from metrics.collection.models import Run, Stream, StreamQuerySet


@dataclass(frozen=True)
class StreamRow:
    stream: Stream
    now: datetime

    @property
    def state(self) -> str:
        """One of off, asked, failing, late, new, well."""
        stream = self.stream
        if stream.asked_at:
            return "asked"
        if not stream.is_on:
            return "off"
        if stream.failures:
            return "failing"
        if stream.last_success_at is None:
            return "new"
        return "late" if stream.is_late(self.now) else "well"


@dataclass(frozen=True)
class Collection:
    """What is known about how one channel's figures come in."""

    streams: Sequence[StreamRow]
    runs: Sequence[Run]

    @property
    def is_waiting(self) -> bool:
        return any(row.stream.asked_at for row in self.streams)


def collection_of(channel: Channel, now: datetime) -> Collection:
    streams = Stream.objects.filter(channel=channel).order_by("kind")
    runs = Run.objects.filter(channel=channel).select_related("by").order_by("-started_at", "-pk")[:10]
    return Collection([StreamRow(stream, now) for stream in streams], list(runs))


def stream_counts(streams: StreamQuerySet, now: datetime) -> dict[str, int]:
    counts: dict[str, int] = streams.aggregate(
        on=Count("pk", filter=Q(is_on=True)), off=Count("pk", filter=Q(is_on=False))
    )
    return {**counts, "in_trouble": streams.in_trouble(now).count()}
