"""What collectors, files and people hand over: plain values, no rows yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from metrics.collection.models import Source


class Observation(NamedTuple):
    """`metric` is a key of the dictionary, `day` the provider's day. A value of None withdraws what was said before."""

    channel_id: int
    metric: str
    day: date
    value: Decimal | int | None
    as_of: datetime
    source: Source


class GapSeen(NamedTuple):
    """There was no figure, and why; `state` is one of Gap.State."""

    channel_id: int
    metric: str
    day: date
    state: str
    reason: str
    as_of: datetime


@dataclass(frozen=True)
class PostSeen:
    """A post as it was read; `figures` are its totals so far, by metric."""

    channel_id: int
    external_id: str
    published_at: datetime
    day: date
    as_of: datetime
    source: Source
    text: str = ""
    url: str = ""
    kind: str = ""
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """What a batch did to the believed figures. `kept` were known better, from a better source or a later reading."""

    read: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
