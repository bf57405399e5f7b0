from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import NotificationKind, Text, Told, Way, contributions, notification_kinds
from coe_portal.core import versions
from coe_portal.core.read_ahead import personal
from coe_portal.notifications.models import Notification, OutgoingMail, Preference
from coe_portal.people.models import User

UNREAD = "unread:{}"
# Changes when many people are told at once: one version instead of one a person.
BROADCAST = "notifications"
personal(UNREAD)


def unread_count(person: User) -> int:
    def count() -> int:
        return Notification.objects.visible_to(person).unread().count()  # every page asks, so not even built when kept

    return versions.kept(UNREAD.format(person.pk), [f"person:{person.pk}", BROADCAST], count)


def kind_of(key: str) -> NotificationKind:
    """What the apps say of a kind; one that none of them names is treated as any other."""
    return notification_kinds().get(key) or NotificationKind(key, key)


def told_of(each: Notification, language: str) -> Told:
    return Told(each.person_id, language, each.key, each.subject, each.lead)


@dataclass(frozen=True)
class Shown:
    """A notification in the list. What its person may not see any more keeps its kind and its time alone."""

    notification: Notification
    label: Text
    is_seen: bool


def shown(rows: Sequence[Notification], person: User) -> list[Shown]:
    kinds, unseen = notification_kinds(), set[int]()
    for key in {each.kind for each in rows}:
        kind, items = kind_of(key), [each for each in rows if each.kind == key]
        if kind.still_seen:
            seen = kind.still_seen([told_of(each, person.language) for each in items])
            unseen |= {each.pk for each, is_seen in zip(items, seen, strict=True) if not is_seen}
    labels = {key: kind.label for key, kind in kinds.items()}
    return [Shown(each, labels.get(each.kind, ""), each.pk not in unseen) for each in rows]


@dataclass(frozen=True)
class KindGroup:
    """The kinds of one app under its name."""

    label: Text
    kinds: Sequence[NotificationKind]


def kind_groups(person: User) -> list[KindGroup]:
    """What this person can be told of, in the order of the apps."""
    groups = [
        KindGroup(
            each.label or (each.nav[0].label if each.nav else _("Other")),
            [kind for kind in each.notification_kinds if kind.visible(person)],
        )
        for each in contributions()
    ]
    return [group for group in groups if group.kinds]


def chosen_ways(person: User) -> dict[str, Way]:
    rows = Preference.objects.filter(person=person).values_list("kind", "way")
    return {kind: Way(way) for kind, way in rows}


@dataclass(frozen=True)
class MailState:
    """How the mail goes. `error` is the latest of those that wait, and says why they do."""

    due: int
    later: int
    accepted: int
    parked: int
    ambiguous: int
    error: str

    @property
    def to_send(self) -> int:
        return self.due + self.accepted


def mail_state(at: datetime, since: datetime) -> MailState:
    """What waits at a time, and what was sent since another."""
    states = OutgoingMail.State
    counts = dict(
        OutgoingMail.objects.filter(state__in=[states.WAITING, states.SENDING, states.PARKED])
        .values("state")
        .annotate(number=Count("pk"))
        .values_list("state", "number")
    )
    waiting = counts.get(states.WAITING, 0) + counts.get(states.SENDING, 0)
    due = OutgoingMail.objects.due(at).count() + counts.get(states.SENDING, 0)
    accepted = OutgoingMail.objects.accepted_since(since)
    failing = OutgoingMail.objects.waiting().exclude(error="").order_by("-due_at").first()
    return MailState(
        due=due,
        later=waiting - due,
        accepted=accepted.count(),
        parked=counts.get(states.PARKED, 0),
        ambiguous=accepted.filter(ambiguous=True).count(),
        error=failing.error if failing else "",
    )
