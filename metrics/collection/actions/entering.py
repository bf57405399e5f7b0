"""Figures that a person types in, with the evidence for them."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from coe_portal.audit.actions import record
from coe_portal.channels.models import Channel
from coe_portal.people.models import User
from metrics.collection.actions.recording import record_samples
from metrics.collection.models import Run, Source
from metrics.collection.observations import Observation, Recorded


@transaction.atomic
def enter_figure(
    *, by: User, channel: Channel, metric: str, day: date, value: Decimal | None, evidence_url: str, at: datetime
) -> Recorded:
    """A value of None takes back what was typed before. What the network itself says is believed before it."""
    run = Run.objects.create(
        kind=Run.Kind.MANUAL,
        state=Run.State.OK,
        channel=channel,
        by=by,
        started_at=at,
        finished_at=at,
        first_day=day,
        last_day=day,
        read=1,
        evidence_url=evidence_url,
    )
    recorded = record_samples(run=run, observations=[Observation(channel.pk, metric, day, value, at, Source.MANUAL)])
    details = {"metric": metric, "day": str(day), "value": None if value is None else str(value)}
    record(by=by, verb="enter figure of", on=channel, details=details)
    return recorded
