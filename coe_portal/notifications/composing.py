"""Digests and mails at once, written when they are sent, for a batch of people with a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import format_datetime
from itertools import compress
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coe_portal.contributions import NotificationKind, Obligation, open_obligations
from coe_portal.notifications import ready_made, unsubscribing
from coe_portal.notifications.models import Mail, MailTimes, Notification, OutgoingMail
from coe_portal.notifications.queries import kind_of, told_of
from coe_portal.notifications.wording import worded
from coe_portal.people.models import User

OWED_AT_MOST = 10


@dataclass(frozen=True)
class Later:
    """Not now: the person's quiet hours."""

    at: datetime


@dataclass(frozen=True)
class Ready:
    message: EmailMessage
    notification_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A notification as a mail shows it: of a private kind no more than that there is something."""

    text: str
    lead: str
    url: str
    label: str


@dataclass(frozen=True)
class Material:
    """What the mails of a batch are made of, by person. `over` are notifications that are not to be mailed any more."""

    people: dict[int, User]
    times: dict[int, MailTimes]
    news: dict[int, list[Notification]]
    owed: dict[int, list[Obligation]]
    over: Collection[int] = ()


NOTHING = Material({}, {}, {}, {})


def gather(mails: Sequence[OutgoingMail], at: datetime) -> Material:
    ids = [each.person_id for each in mails if each.person_id is not None and not each.content]
    people = User.objects.active().in_bulk(ids)
    waiting = list(Notification.objects.unmailed().unread().filter(person__in=people).order_by("pk"))
    asks = {each.person_id for each in mails if each.purpose == OutgoingMail.Purpose.DIGEST}
    asks |= {each.person_id for each in waiting if kind_of(each.kind).while_owed}
    with_list = sorted(people.keys() & asks)
    owed = _by_person(open_obligations(with_list, timezone.localdate(at)) if with_list else [])
    news = _as_they_are_now(_still_owed(waiting, owed), people)
    return Material(
        people=people,
        times=MailTimes.objects.in_bulk(ids),
        news=_by_person(news),
        owed=owed,
        over={each.pk for each in waiting} - {each.pk for each in news},
    )


def compose(mail: OutgoingMail, material: Material, at: datetime) -> Ready | Later | None:
    """None where there is nothing to say any more."""
    if mail.content:
        return Ready(_headed(ready_made.to_message(mail.content, mail.address), mail, at))
    person = material.people.get(mail.person_id or 0)
    if person is None:
        return None
    quiet_ends = material.times.get(person.pk, MailTimes()).in_zone(person.time_zone).quiet_ends(at)
    if quiet_ends:
        return Later(quiet_ends)
    news = [each for each in material.news.get(person.pk, []) if _belongs(each, mail)]
    if not news:
        return None
    is_digest = mail.purpose == OutgoingMail.Purpose.DIGEST
    owed = material.owed.get(person.pk, []) if is_digest else []
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        message = _written(person, mail, news, owed, timezone.localdate(at))
    return Ready(_headed(message, mail, at), [each.pk for each in news])


def sample(person: User, *, kind: str, subject: str, lead: str, url: str, language: str) -> str:
    """The HTML of the mail that tells this person of one thing at once, before anybody is told of it."""
    news = [Notification(person=person, kind=kind, url=url, **worded(subject, lead))]
    mail = OutgoingMail(person=person, purpose=OutgoingMail.Purpose.NOW, address=person.email)
    with translation.override(language), timezone.override(ZoneInfo(person.time_zone)):
        message = _written(person, mail, news, [], timezone.localdate())
    return str(message.alternatives[0][0])


def _still_owed(news: Iterable[Notification], owed: dict[int, list[Obligation]]) -> Iterator[Notification]:
    """Without reminders of what was done meanwhile. The one of a coordinator leads to the whole list."""
    whole_list = reverse("home:my")
    for each in news:
        open_urls = {item.url for item in owed.get(each.person_id, [])}
        if not kind_of(each.kind).while_owed or each.url in open_urls or (open_urls and each.url == whole_list):
            yield each


def _as_they_are_now(news: Iterable[Notification], people: dict[int, User]) -> list[Notification]:
    """With the words of this moment and without what is over; the rows themselves stay as they are."""
    by_kind: dict[str, list[Notification]] = defaultdict(list)
    for each in news:
        by_kind[each.kind].append(each)
    found = [each for kind, items in by_kind.items() for each in _as_the_kind_says(kind_of(kind), items, people)]
    return sorted(found, key=lambda each: each.pk)


def _as_the_kind_says(
    kind: NotificationKind, items: list[Notification], people: dict[int, User]
) -> Iterator[Notification]:
    asked = [told_of(each, people[each.person_id].language) for each in items]
    if kind.as_it_is_now is None:
        seen = kind.still_seen(asked) if kind.still_seen else [True] * len(items)
        yield from compress(items, seen)
        return
    for each, told in zip(items, kind.as_it_is_now(asked), strict=True):
        if told is not None:
            words = worded(told.subject, told.lead)
            each.subject, each.lead = words["subject"], words["lead"]
            yield each


def _belongs(notification: Notification, mail: OutgoingMail) -> bool:
    return mail.purpose == OutgoingMail.Purpose.DIGEST or notification.mail == Mail.NOW


def _written(
    person: User, mail: OutgoingMail, news: list[Notification], owed: list[Obligation], today: date
) -> EmailMultiAlternatives:
    kinds = {each.kind: kind_of(each.kind) for each in news}
    may_stop = [each for each in kinds.values() if not each.required]
    shown = owed[:OWED_AT_MOST]
    said_below = {each.url for each in shown}
    lines = [_line(each, kinds[each.kind]) for each in news if each.url not in said_below]
    context = {
        "person": person,
        "is_digest": mail.purpose == OutgoingMail.Purpose.DIGEST,
        "lines": lines,
        "owed": [(each, settings.PUBLIC_URL + each.url) for each in shown],
        "more_owed": max(0, len(owed) - OWED_AT_MOST),
        "today": today,
        "my_url": settings.PUBLIC_URL + reverse("home:my"),
        "all_url": settings.PUBLIC_URL + reverse("notifications:index"),
        "preferences_url": settings.PUBLIC_URL + reverse("home:notifications"),
        "stop": [(each.label, unsubscribing.link(person.pk, each.key)) for each in may_stop],
        "why": [each.why for each in kinds.values() if each.required and each.why],
        "organisation_name": settings.ORGANISATION_NAME,
    }
    message = EmailMultiAlternatives(
        subject=_subject(lines, len(owed)),
        body=get_template("notifications/mail.txt").render(context),
        to=[person.email],
        headers=_one_click(person, may_stop, single=len(kinds) == 1),
    )
    message.attach_alternative(get_template("notifications/mail.html").render(context), "text/html")
    return message


def _line(notification: Notification, kind: NotificationKind) -> Line:
    label = str(kind.label)
    if kind.private:
        return Line(label, "", settings.PUBLIC_URL + reverse("notifications:index"), "")
    return Line(notification.subject, notification.lead, settings.PUBLIC_URL + notification.url, label)


def _subject(lines: list[Line], owed: int) -> str:
    if not lines:
        return ngettext("%(n)d thing is open for you", "%(n)d things are open for you", owed) % {"n": owed}
    if len(lines) == 1:
        return lines[0].text
    more = ngettext("%(n)d new message for you", "%(n)d new messages for you", len(lines)) % {"n": len(lines)}
    return _("Center of Excellence: %(more)s") % {"more": more}


def _one_click(person: User, may_stop: list[NotificationKind], *, single: bool) -> dict[str, str]:
    """RFC 8058: the mail program offers to stop these mails, with one click and without signing in."""
    if not may_stop:
        return {}
    kind = may_stop[0].key if single else unsubscribing.ALL_KINDS
    return {
        "List-Unsubscribe": f"<{unsubscribing.link(person.pk, kind)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _headed(message: EmailMultiAlternatives, mail: OutgoingMail, at: datetime) -> EmailMultiAlternatives:
    """The identity is the row's, so that a repeated mail is known as the same by whoever got both."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    message.extra_headers |= {
        "Message-ID": f"<{mail.created_at:%Y%m%d%H%M%S}.{mail.pk}@{host}>",
        "Date": format_datetime(at),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    return message


def _by_person(items: Iterable[Notification | Obligation]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for each in items:
        found[each.person_id].append(each)
    return dict(found)
