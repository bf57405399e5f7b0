"""What an app may add to the pages that all apps share.

Each app's `AppConfig.ready()` registers one Contribution. Its callables take many people or objects at once,
make a constant number of queries, return plain values, and have already left out what the reader may not see.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise

from coe_portal.people.models import User
from coe_portal.personal import Personal

Text = str | Promise  # a lazily translated one stays lazy until it is shown


def content_language() -> str:
    """Of a text that does not say its own."""
    return settings.CONTENT_LANGUAGE


@dataclass(frozen=True)
class NavItem:
    """A link of the primary navigation. `order` counts in tens; `visible` says to whom it is shown."""

    label: Text
    url_name: str
    icon: str
    order: int
    visible: Callable[[User], bool] = field(default=lambda person: True)


class ToolGroup(StrEnum):
    """Where on the page of the administration a tool stands, in this order."""

    PEOPLE = "people"
    SIGN_IN = "sign-in"
    MESSAGES = "messages"
    RECORDS = "records"
    RUNNING = "running"


@dataclass(frozen=True)
class Tool:
    """A page of those who run the portal. `note` says in a line what it is for; `visible` says to whom it is shown."""

    label: Text
    note: Text
    url_name: str
    icon: str
    group: ToolGroup
    visible: Callable[[User], bool]


@dataclass(frozen=True)
class Obligation:
    """What a person owes by a date; `due` is None where there is no date.

    `started` is False where nothing of it has been done yet. `key` names the same obligation on every day, so that it
    is reminded of once a stage: what is owed anew (a new version, another year) has another key. A manager is told by
    name only of what is `mandatory`. `language` is the title's, as somebody wrote it; empty where it is a name.
    """

    person_id: int
    kind: str
    title: str
    url: str
    due: date | None
    action: Text
    key: str
    mandatory: bool = True
    started: bool = False
    language: str = field(default_factory=content_language)


@dataclass(frozen=True)
class Statement:
    """SQL with a `%s` for each value, such as a part of a larger statement."""

    sql: str
    values: Sequence[Any]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Self:
        """Of a values_list, its columns in their order."""
        sql, values = rows.query.sql_with_params()
        return cls(sql, values)


@dataclass(frozen=True)
class Done:
    """What a person has done of late, with proof where there is one."""

    title: str
    url: str
    label: Text
    at: datetime
    language: str = field(default_factory=content_language)


@dataclass(frozen=True)
class HomeItem:
    """The languages are those of a title and a note that somebody wrote; empty where the portal says it."""

    title: str
    url: str
    note: Text = ""
    at: datetime | None = None
    badge: Text = ""
    tone: str = "neutral"
    language: str = ""
    note_language: str = ""


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
    """One entry of the search index. Only members of the audience find it; None means everybody who is signed in.

    An object with texts in two languages has a document for each. Of two that fit as well, the one with more `weight`
    comes first: a rule before what somebody said about it.
    """

    kind: str
    object_id: int
    title: str
    lead: str
    body: str
    url: str
    audience_id: int | None
    changed_at: datetime
    language: str = field(default_factory=content_language)
    weight: float = 1.0


class Way(StrEnum):
    """How a person hears of something; all but OFF show it in the portal."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    PORTAL = "portal"
    OFF = "off"


@dataclass(frozen=True)
class Told:
    """What a person was told of in the portal and is about to be mailed; `language` is the one they read now."""

    person_id: int
    language: str
    key: str
    subject: str
    lead: str


@dataclass(frozen=True)
class NotificationKind:
    """What people are told about, and how, as long as they have not chosen themselves.

    A `required` kind comes by mail whatever a person chooses, and `why` says so to them. Of a `private` kind no mail
    shows more than the label: subject and lead stay in the portal. What says `chat` may be posted to chat rooms, too.
    `visible` says who is ever told of it, and so may choose.

    Between telling and mailing a night may pass. A kind that is said `while_owed` is not mailed any more to who owes
    nothing at its address. What `as_it_is_now` answers is mailed instead, in the same order; None where the person has
    done it, or may not see it any more. `still_seen` says, in the same order and with a constant number of queries,
    whether each may still be named to its person: what may not is neither mailed nor shown with its words in the list.
    """

    key: str
    label: Text
    default: Way = Way.DIGEST
    required: bool = False
    why: Text = ""
    private: bool = False
    chat: bool = False
    visible: Callable[[User], bool] = field(default=lambda person: True)
    while_owed: bool = False
    as_it_is_now: Callable[[Sequence[Told]], Sequence[Told | None]] | None = None
    still_seen: Callable[[Sequence[Told]], Sequence[bool]] | None = None


@dataclass(frozen=True)
class Measurement:
    """A figure an app knows about itself, for dashboards; None where it is unknown, never zero."""

    key: str
    label: Text
    value: Decimal | None
    unit: str
    url: str


@dataclass(frozen=True)
class TokenScope:
    """What an access token can open; `label` says it to the administrator who makes one."""

    key: str
    label: Text


@dataclass(frozen=True)
class Standing:
    """Whether one condition of the licence to post is met, and where to go if not."""

    met: bool
    label: Text
    url: str


@dataclass(frozen=True)
class Held:
    """What somebody had by name, whatever audience they were in: from `starts` until the day before `ends`."""

    label: Text
    title: str
    starts: date
    ends: date | None


@dataclass(frozen=True)
class AudienceUse:
    """One thing that is for an audience. `label` names its kind in the plural, such as Policies.

    `asks` says that every member gets a task from it: to sign, to take, to confirm.
    """

    audience_id: int
    label: Text
    title: str
    url: str
    asks: bool = False
    language: str = field(default_factory=content_language)


DoneLately = Callable[[User, date], Iterable[Done]]
Obligations = Callable[[Collection[int], date], Iterable[Obligation]]
# The same for everybody there is, as rows of person_id, kind, due and started: to be counted where they are.
Owed = Callable[[date], Statement]
HomeCards = Callable[[User, date], Iterable[HomeCard]]
Documents = Callable[[Collection[int] | None], Iterable[Document]]
Measurements = Callable[[date, date], Iterable[Measurement]]
# The day on which things were in force for these audiences, or None for all that names them, drafts included; and who
# reads the list.
AudienceUses = Callable[[Collection[int], date | None, User], Iterable[AudienceUse]]
HeldOn = Callable[[User, date], Iterable[Held]]
Standings = Callable[[Collection[int], date], Mapping[int, Sequence[Standing]]]


@dataclass(frozen=True)
class Contribution:
    """`label` names the app where it has no place in the navigation.

    `documents` maps a kind to a callable that takes object ids, or None for all of them.

    `home_versions` are the names (see core.versions) that change when a home card would; a card of one person
    also changes with "person:ID".
    """

    app: str
    label: Text = ""
    nav: Sequence[NavItem] = ()
    tools: Sequence[Tool] = ()
    obligations: Obligations | None = None
    owed: Owed | None = None
    obligation_labels: Mapping[str, Text] = field(default_factory=dict)
    done: DoneLately | None = None
    home_cards: HomeCards | None = None
    home_versions: Sequence[str] = ()
    documents: Mapping[str, Documents] = field(default_factory=dict)
    document_labels: Mapping[str, Text] = field(default_factory=dict)
    notification_kinds: Sequence[NotificationKind] = ()
    token_scopes: Sequence[TokenScope] = ()
    measurements: Measurements | None = None
    standings: Standings | None = None
    audience_uses: AudienceUses | None = None
    held_on: HeldOn | None = None
    personal: Personal = field(default_factory=Personal)


_registered: dict[str, Contribution] = {}


def register(contribution: Contribution) -> None:
    if not isinstance(contribution, Contribution):
        raise TypeError(f"{contribution!r} is not a Contribution.")
    if contribution.app in _registered:
        raise ValueError(f"{contribution.app} has registered its contribution already.")
    if (contribution.obligations is None) != (contribution.owed is None):
        raise ValueError(f"{contribution.app}: what is owed is said of some people and of everybody.")
    if set(contribution.documents) != set(contribution.document_labels):
        raise ValueError(f"{contribution.app}: every kind of document needs a label.")
    _registered[contribution.app] = contribution


def contributions() -> Sequence[Contribution]:
    return tuple(_registered.values())


def nav_items(person: User) -> list[NavItem]:
    items = (item for each in contributions() for item in each.nav if item.visible(person))
    return sorted(items, key=lambda item: item.order)


def tools(person: User) -> dict[ToolGroup, list[Tool]]:
    """What this person may open, by group; within a group by name."""
    mine = [tool for each in contributions() for tool in each.tools if tool.visible(person)]
    found = {group: [tool for tool in mine if tool.group == group] for group in ToolGroup}
    return {group: sorted(those, key=lambda tool: str(tool.label)) for group, those in found.items() if those}


def has_tools(person: User) -> bool:
    return any(tool.visible(person) for each in contributions() for tool in each.tools)


def open_obligations(person_ids: Collection[int], on: date) -> list[Obligation]:
    """Every open obligation of these people over all apps, the earliest due first. An app that fails fails the list."""
    found = [item for each in contributions() if each.obligations for item in each.obligations(person_ids, on)]
    return sorted(found, key=lambda item: (item.due or date.max, item.title))


def owed_by_everybody(on: date) -> Statement:
    """Every open obligation of everybody over all apps, a row each: person_id, kind, due, started."""
    parts = [each.owed(on) for each in contributions() if each.owed]
    return Statement(
        " UNION ALL ".join(f"({each.sql})" for each in parts), [value for each in parts for value in each.values]
    )


def obligation_labels() -> dict[str, Text]:
    """What each kind of obligation is called."""
    return {kind: label for each in contributions() for kind, label in each.obligation_labels.items()}


def done_since(person: User, since: date) -> list[Done]:
    """What the person has finished over all apps, the latest first."""
    found = [item for each in contributions() if each.done for item in each.done(person, since)]
    return sorted(found, key=lambda item: item.at, reverse=True)


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


def token_scopes() -> dict[str, TokenScope]:
    return {scope.key: scope for each in contributions() for scope in each.token_scopes}


def measurements(start: date, end: date) -> list[Measurement]:
    return [item for each in contributions() if each.measurements for item in each.measurements(start, end)]


def standings(person_ids: Collection[int], on: date) -> dict[int, list[Standing]]:
    """Per person, every condition of the licence to post that the apps know about."""
    merged: dict[int, list[Standing]] = {person_id: [] for person_id in person_ids}
    for each in contributions():
        for person_id, found in (each.standings(person_ids, on) if each.standings else {}).items():
            merged[person_id].extend(found)
    return merged


def audience_uses(audience_ids: Collection[int], on: date | None, reader: User) -> list[AudienceUse]:
    """What is, or on a day was, for these audiences, as far as the reader may know it, by kind and title."""
    found = [
        use for each in contributions() if each.audience_uses for use in each.audience_uses(audience_ids, on, reader)
    ]
    return sorted(found, key=lambda use: (str(use.label), use.title))


def held_on(person: User, on: date) -> list[Held]:
    """What the person had by name that day, by kind and title."""
    found = [each for one in contributions() if one.held_on for each in one.held_on(person, on)]
    return sorted(found, key=lambda each: (str(each.label), each.title))
