"""What a collector is: one small adapter a network, without a database, so that it can be tried on any server."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Protocol

from coe_portal.channels.models import Channel
from metrics.collection.models import Stream
from metrics.collection.observations import GapSeen, Observation, PostSeen


class CollectError(Exception):
    """Why nothing was read, in words for a person."""


class Unreachable(CollectError):
    """The server did not answer, or not sensibly; it may later."""


class Gone(CollectError):
    """The network says that there is no such account."""


class SchemaDrift(CollectError):
    """The answer is not shaped as the network documents it."""


class RateLimited(CollectError):
    """The network asks to wait until a time."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"The network asks to wait until {until:%H:%M} UTC.")
        self.until = until


@dataclass(frozen=True)
class Request:
    """What to read. `today` is the day it is at the channel's place."""

    channel: Channel
    kind: Stream.Kind
    cursor: Mapping[str, Any]
    at: datetime
    today: date


@dataclass(frozen=True)
class Page:
    """What one answer of the network said. From `complete_since` on every post of the channel is known."""

    observations: Sequence[Observation] = ()
    gaps: Sequence[GapSeen] = ()
    posts: Sequence[PostSeen] = ()
    cursor: Mapping[str, Any] = field(default_factory=dict)
    complete_since: date | None = None
    external_id: str = ""


class Collector(Protocol):
    """`streams` says how often each kind is read; `metrics` which figures a kind should bring every day."""

    network: ClassVar[str]
    streams: ClassVar[Mapping[Stream.Kind, timedelta]]
    metrics: ClassVar[Mapping[Stream.Kind, Sequence[str]]]

    def collect(self, request: Request) -> Iterator[Page]:
        """Pages in the order they are read. Raises CollectError."""
        ...
