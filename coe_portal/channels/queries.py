"""Reads over the register; rows are plain and filled in bulk."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import DateField, F, Q
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from coe_portal.audit.models import AuditEntry
from coe_portal.channels.models import STALE_AFTER, Channel, ChannelQuerySet, ChannelRequest, Network, Publisher
from coe_portal.contributions import Standing, Text, standings
from coe_portal.people.models import User
from coe_portal.people.queries import branch_ids, department_names

SIMILAR_FROM = 0.45

HOSTS = {
    "bsky.app": Network.BLUESKY,
    "facebook.com": Network.FACEBOOK,
    "instagram.com": Network.INSTAGRAM,
    "linkedin.com": Network.LINKEDIN,
    "pinterest.com": Network.PINTEREST,
    "reddit.com": Network.REDDIT,
    "threads.com": Network.THREADS,
    "threads.net": Network.THREADS,
    "tiktok.com": Network.TIKTOK,
    "twitter.com": Network.X,
    "x.com": Network.X,
    "youtube.com": Network.YOUTUBE,
}

# In an address the name of the account comes after one of these, or first.
WORDS_BEFORE_HANDLE = {"c", "channel", "company", "profile", "r", "school", "showcase", "user"}


@dataclass(frozen=True)
class PublisherRow:
    """Somebody who publishes, and whether they hold the licence to. `unmet` is what they still owe for it."""

    publisher: Publisher
    department: str
    conditions: Sequence[Standing]

    @property
    def unmet(self) -> list[Standing]:
        return [condition for condition in self.conditions if not condition.met]

    @property
    def is_licensed(self) -> bool:
        return bool(self.conditions) and not self.unmet


def publisher_rows(channel: Channel, on: date) -> list[PublisherRow]:
    rows = list(Publisher.objects.current().filter(channel=channel).select_related("person").order_by("person__name"))
    ids = [row.person_id for row in rows]
    conditions = standings(ids, on) if ids else {}
    departments = department_names(ids, on)
    return [PublisherRow(row, departments.get(row.person_id, ""), conditions.get(row.person_id, [])) for row in rows]


def filtered(channels: ChannelQuerySet, query: QueryDict, on: date) -> ChannelQuerySet:
    """The filters of the register's address; without any it shows what is ours."""
    if words := query.get("q", "").strip():
        channels = channels.filter(
            Q(name__icontains=words) | Q(handle__icontains=words.lstrip("@")) | Q(purpose__icontains=words)
        )
    for name in ("network", "state"):
        if value := query.get(name):
            channels = channels.filter(**{name: value})
    if relation := query.get("relation", Channel.Relation.OWN):
        channels = channels.filter(relation=relation)
    if (department := query.get("department", "")).isdecimal() and len(department) < 10:
        channels = channels.filter(department__in=branch_ids([int(department)]))
    if query.get("stale"):
        channels = channels.stale(on)
    if query.get("left"):
        channels = channels.left_alone()
    return channels


@dataclass(frozen=True)
class Verdict:
    """Which of our accounts the question names, and which of ours a stranger's account resembles."""

    ours: Sequence[Channel]
    similar: Sequence[Channel]

    @property
    def key(self) -> str:
        return "-".join(str(each.pk) for each in self.ours) + "~" + "-".join(str(each.pk) for each in self.similar)


@dataclass(frozen=True)
class AccountName:
    """An address or a handle as somebody typed it. `network` is None where the words do not tell."""

    url: str
    handle: str
    network: str | None
    is_address: bool


def parse_account(text: str) -> AccountName:
    text = text.strip()[:300]
    is_address = "/" in text
    host, path = _host_and_path(text)
    handle = text
    if is_address:
        steps = [step for step in path.split("/") if step]
        handle = next((step for step in steps if step not in WORDS_BEFORE_HANDLE), "")
        if handle.startswith("@") and host not in HOSTS:
            handle = f"{handle}@{host}"
    return AccountName(f"{host}{path}".lower(), handle.lstrip("@").lower(), HOSTS.get(host), is_address)


def _host_and_path(text: str) -> tuple[str, str]:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    return re.sub(r"^(www|m|mobile)\.", "", host.lower()), parts.path.rstrip("/")


def verify(text: str) -> Verdict:
    """Whether an account is really ours. One query, two when it is not."""
    name = parse_account(text)
    own = Channel.objects.own().listed().filter(_not_declined()).select_related("department")
    ours = list(own.filter(_names(name)).order_by("network", "pk")[:20])
    if ours or len(name.handle) < 4:
        return Verdict(ours, [])
    similar = own.in_use().annotate(alike=TrigramSimilarity("plain_handle", name.handle))
    return Verdict([], list(similar.filter(plain_handle__trigram_similar=name.handle, alike__gte=SIMILAR_FROM)
                            .order_by("-alike", "pk")[:3]))  # fmt: skip


def _names(name: AccountName) -> Q:
    """An address on a network that we know names the account there; on any other site it must be the very address."""
    exact = Q(plain_url=name.url)
    if not name.is_address:
        return exact | Q(plain_handle=name.handle)
    if name.network:
        return exact | Q(network=name.network, plain_handle=name.handle)
    return exact | Q(network=Network.MASTODON, plain_handle=name.handle)


def _not_declined() -> Q:
    return ~Q(request__decision=ChannelRequest.Decision.DECLINED)


def register_counts(on: date) -> Counter[str]:
    """How many accounts are in each state; of ours, how many nobody validated for half a year or a contact has left."""
    counts: Counter[str] = Counter(Channel.objects.values_list("state", flat=True))
    counts["stale"] = Channel.objects.stale(on).count()
    counts["left"] = Channel.objects.left_alone().count()
    return counts


def contacts_of_stale(person_ids: Collection[int], on: date) -> Iterable[tuple[int, Channel]]:
    """The first contact of each stale channel, or the second where there is no first."""
    rows = Channel.objects.stale(on).filter(Q(first_contact__in=person_ids) | Q(second_contact__in=person_ids))
    wanted = set(person_ids)
    for channel in rows:
        keeper = channel.first_contact_id or channel.second_contact_id
        if keeper in wanted:
            yield keeper, channel


def stale_by_contact(on: date) -> Any:
    """As contacts_of_stale, of everybody: who is to confirm it, and by when."""
    keeper, due = Coalesce("first_contact_id", "second_contact_id"), Cast(F("validated_on") + STALE_AFTER, DateField())
    return Channel.objects.stale(on).annotate(keeper=keeper, confirm_by=due).filter(keeper__isnull=False).order_by()


@dataclass(frozen=True)
class Event:
    """What happened to a channel: `what` is a phrase to read."""

    at: datetime
    what: Text
    actor: User | None


EVENTS: dict[str, Text] = {
    "add": gettext_lazy("Added to the register"),
    "request": gettext_lazy("Requested"),
    "start review of": gettext_lazy("Review started"),
    "approved": gettext_lazy("Request approved"),
    "declined": gettext_lazy("Request declined"),
    "edit": gettext_lazy("Entry edited"),
    "validate": gettext_lazy("Validated"),
    "make active": gettext_lazy("Back in use"),
    "make dormant": gettext_lazy("Put to rest"),
    "make archived": gettext_lazy("Archived"),
    "add publisher to": gettext_lazy("Publisher added"),
    "remove publisher from": gettext_lazy("Publisher removed"),
}


def events(channel: Channel) -> list[Event]:
    """The newest twenty, from the audit trail."""
    entries = AuditEntry.objects.filter(kind=channel._meta.label_lower, object_id=channel.pk).select_related("actor")
    newest = entries.order_by("-at", "-pk")[:20]
    return [Event(each.at, EVENTS.get(each.verb, each.verb), each.actor) for each in newest]
