"""What happened to people, for those who note it. Sent inside the transaction; no answer is expected."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Model
from django.dispatch import Signal

from coe_portal.people.models import Audience, User

# Sent with `by`, `verb`, `on` (the objects, at least one, all of one kind) and `details` (one mapping an object).
# A receiver that fails undoes the change: nothing happens unrecorded.
happened = Signal()

# Sent with `audience_id`, `joined`, `left` (ids of people) and `on` (the day), once an audience and evaluation, for
# those who give joiners their tasks. Tens of thousands may join at once: a receiver asks the outbox for a job.
members_changed = Signal()


def tell(*, by: User | None, verb: str, on: Model, details: Mapping[str, Any] | None = None) -> None:
    tell_many(by=by, verb=verb, on=[on], details=[details or {}])


def tell_many(
    *, by: User | None, verb: str, on: Sequence[Model], details: Sequence[Mapping[str, Any]] | None = None
) -> None:
    """The same fact about many: each receiver is called once, so that it can write once."""
    if on:
        each = [dict(one) for one in details or [{}] * len(on)]
        happened.send(sender=type(on[0]), by=by, verb=verb, on=list(on), details=each)


def tell_members(*, audience_id: int, joined: Collection[int], left: Collection[int], on: date) -> None:
    members_changed.send(sender=Audience, audience_id=audience_id, joined=joined, left=left, on=on)
