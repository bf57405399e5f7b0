"""What an app may add to the pages that all apps share.

Each app's `AppConfig.ready()` registers one Contribution. Its callables take many people or objects at once,
make a constant number of queries, return plain values, and have already left out what the reader may not see.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.functional import Promise

from coe_portal.people.models import User

Text = str | Promise  # a lazily translated one stays lazy until it is shown


@dataclass(frozen=True)
class NavItem:
    """A link of the primary navigation. `order` counts in tens; `visible` says to whom it is shown."""

    label: Text
    url_name: str
    icon: str
    order: int
    visible: Callable[[User], bool] = field(default=lambda person: True)


@dataclass(frozen=True)
class Obligation:
    """What a person owes by a date; `due` is None where there is no date."""

    person_id: int
    kind: str
    title: str
    url: str
    due: date | None
    action: Text


@dataclass(frozen=True)
class HomeItem:
    title: str
    url: str
    note: Text = ""
    at: datetime | None = None
    badge: Text = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class HomeCard:
    """A part of somebody's home page: what is new or waits for them, with one way on."""

    key: str
    title: Text
    order: int
    items: Sequence[HomeItem]
    more_url: str = ""
    more_label: Text = ""
    empty: Text = ""


@dataclass(frozen=True)
class Document:
    """One entry of the search index. Only members of the audience find it; None means everybody who is signed in."""

    kind: str
    object_id: int
    title: str
    lead: str
    body: str
    url: str
    audience_id: int | None
    changed_at: datetime


@dataclass(frozen=True)
class NotificationKind:
    key: str
    label: Text


@dataclass(frozen=True)
class Measurement:
    """A figure an app knows about itself, for dashboards; None where it is unknown, never zero."""

    key: str
    label: Text
    value: Decimal | None
    unit: str
    url: str


@dataclass(frozen=True)
class Standing:
    """Whether one condition of the licence to post is met, and where to go if not."""

    met: bool
    label: Text
    url: str


Obligations = Callable[[Collection[int], date], Iterable[Obligation]]
HomeCards = Callable[[User, date], Iterable[HomeCard]]
Documents = Callable[[Collection[int] | None], Iterable[Document]]
Measurements = Callable[[date, date], Iterable[Measurement]]
Standings = Callable[[Collection[int], date], Mapping[int, Sequence[Standing]]]


@dataclass(frozen=True)
class Contribution:
    """`documents` maps a kind to a callable that takes object ids, or None for all of them.

    `home_versions` are the names (see core.versions) that change when a home card would; a card of one person
    also changes with "person:ID".
    """

    app: str
    nav: Sequence[NavItem] = ()
    obligations: Obligations | None = None
    home_cards: HomeCards | None = None
    home_versions: Sequence[str] = ()
    documents: Mapping[str, Documents] = field(default_factory=dict)
    document_labels: Mapping[str, Text] = field(default_factory=dict)
    notification_kinds: Sequence[NotificationKind] = ()
    measurements: Measurements | None = None
    standings: Standings | None = None


_registered: dict[str, Contribution] = {}


def register(contribution: Contribution) -> None:
    if not isinstance(contribution, Contribution):
        raise TypeError(f"{contribution!r} is not a Contribution.")
    if contribution.app in _registered:
        raise ValueError(f"{contribution.app} has registered its contribution already.")
    if set(contribution.documents) != set(contribution.document_labels):
        raise ValueError(f"{contribution.app}: every kind of document needs a label.")
    _registered[contribution.app] = contribution


def contributions() -> Sequence[Contribution]:
    return tuple(_registered.values())


def nav_items(person: User) -> list[NavItem]:
    items = (item for each in contributions() for item in each.nav if item.visible(person))
    return sorted(items, key=lambda item: item.order)


def open_obligations(person_ids: Collection[int], on: date) -> list[Obligation]:
    """Every open obligation of these people over all apps, the earliest due first. An app that fails fails the list."""
    found = [item for each in contributions() if each.obligations for item in each.obligations(person_ids, on)]
    return sorted(found, key=lambda item: (item.due or date.max, item.title))


def home_cards(person: User, on: date) -> list[HomeCard]:
    found = [card for each in contributions() if each.home_cards for card in each.home_cards(person, on)]
    return sorted(found, key=lambda card: card.order)


def home_versions() -> list[str]:
    return sorted({name for each in contributions() for name in each.home_versions})


def document_sources() -> dict[str, Documents]:
    return {kind: source for each in contributions() for kind, source in each.documents.items()}


def document_labels() -> dict[str, Text]:
    return {kind: label for each in contributions() for kind, label in each.document_labels.items()}


def notification_kinds() -> dict[str, NotificationKind]:
    return {kind.key: kind for each in contributions() for kind in each.notification_kinds}


def measurements(start: date, end: date) -> list[Measurement]:
    return [item for each in contributions() if each.measurements for item in each.measurements(start, end)]


def standings(person_ids: Collection[int], on: date) -> dict[int, list[Standing]]:
    """Per person, every condition of the licence to post that the apps know about."""
    merged: dict[int, list[Standing]] = {person_id: [] for person_id in person_ids}
    for each in contributions():
        for person_id, found in (each.standings(person_ids, on) if each.standings else {}).items():
            merged[person_id].extend(found)
    return merged
