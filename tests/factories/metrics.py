from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from coe_portal.channels.models import Channel
from metrics.collection.actions import record_samples
from metrics.collection.models import AdSpend, Post, Run, Source, Stream
from metrics.collection.observations import GapSeen, Observation, Recorded
from tests.factories.channels import ChannelFactory

AS_OF = datetime(2026, 3, 1, 6, tzinfo=UTC)


class RunFactory(DjangoModelFactory):
    class Meta:
        model = Run

    kind = Run.Kind.COLLECT
    started_at = AS_OF


class StreamFactory(DjangoModelFactory):
    class Meta:
        model = Stream

    channel = factory.SubFactory(ChannelFactory)
    kind = Stream.Kind.PROFILE
    every_minutes = 1_440
    next_due_at = AS_OF


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    channel = factory.SubFactory(ChannelFactory)
    external_id = factory.Sequence(lambda n: f"post-{n}")
    published_at = AS_OF
    day = factory.LazyAttribute(lambda each: each.published_at.date())


class AdSpendFactory(DjangoModelFactory):
    class Meta:
        model = AdSpend

    channel = factory.SubFactory(ChannelFactory)
    external_id = factory.Sequence(lambda n: f"ad-{n}")
    name = "Flu shots"
    first_day = date(2026, 2, 1)
    report_first_day = date(2026, 2, 1)
    report_last_day = date(2026, 2, 28)
    amount = Decimal("120.50")
    as_of = AS_OF
    run = factory.SubFactory(RunFactory, kind=Run.Kind.IMPORT)


def figures(
    channel: Channel,
    metric: str,
    by_day: Mapping[date, int | str | Decimal | None],
    *,
    source: Source = Source.API,
    as_of: datetime = AS_OF,
) -> Recorded:
    """Figures of one channel as a collector would bring them in: samples, day and month rollups."""
    observations = [
        Observation(channel.pk, metric, day, None if value is None else Decimal(value), as_of, source)
        for day, value in by_day.items()
    ]
    return record_samples(run=RunFactory(channel=channel), observations=observations)


def gap(
    channel: Channel, metric: str, day: date, *, state: str = "failed", reason: str = "", as_of: datetime = AS_OF
) -> None:
    record_samples(
        run=RunFactory(channel=channel),
        observations=[],
        gaps=[GapSeen(channel.pk, metric, day, state, reason, as_of)],
    )
