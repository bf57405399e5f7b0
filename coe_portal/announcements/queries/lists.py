"""Lists of announcements, what people owe, and what the search knows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.announcements.models import Announcement, Receipt, Translation
from coe_portal.announcements.queries.texts import Text, own_text, texts_in, translated_text
from coe_portal.contributions import AudienceUse, Document, Statement
from coe_portal.core.text import plain
from coe_portal.people.models import AudienceMember, User
from coe_portal.people.queries import for_audiences

PINNED_AT_MOST = 10


@dataclass(frozen=True)
class Row:
    announcement: Announcement
    text: Text
    is_unread: bool
    is_to_acknowledge: bool


@dataclass(frozen=True)
class Duty:
    """A person has not acknowledged a must-read announcement of theirs."""

    person_id: int
    announcement: Announcement
    title: str
    language: str


def rows(announcements: Sequence[Announcement], person: User) -> list[Row]:
    receipts = {
        receipt.announcement_id: receipt
        for receipt in Receipt.objects.filter(person=person, announcement__in=[each.pk for each in announcements])
    }
    texts = texts_in(person.language, announcements)
    return [_row(each, texts[each.pk], receipts.get(each.pk)) for each in announcements]


def _row(announcement: Announcement, text: Text, receipt: Receipt | None) -> Row:
    acknowledged = receipt is not None and receipt.acknowledged_at is not None
    return Row(announcement, text, receipt is None, announcement.must_read and not acknowledged)


def newest(person: User, at: datetime, number: int) -> list[Row]:
    found = Announcement.objects.current(at).visible_to(person).order_by("-is_pinned", "-published_at")
    return rows(list(found[:number]), person)


def pinned(person: User, at: datetime) -> list[Announcement]:
    found = Announcement.objects.current(at).visible_to(person).filter(is_pinned=True)
    return list(found.order_by("-published_at", "-pk")[:PINNED_AT_MOST])


def open_duties(person_ids: Collection[int], at: datetime) -> Iterator[Duty]:
    """Who of these people has not acknowledged which must-read announcement; four queries, however many people.

    Where one of the announcements is translated, one more, since everybody's title is in their language.
    """
    announcements = {each.pk: each for each in Announcement.objects.to_acknowledge(at).order_by("due_on", "pk")}
    if not announcements:
        return
    done = set(
        Receipt.objects.acknowledged()
        .filter(announcement__in=announcements, person__in=person_ids)
        .values_list("announcement_id", "person_id")
    )
    members = AudienceMember.objects.filter(
        person_id__in=person_ids, audience_id__in={each.audience_id for each in announcements.values()}
    )
    audiences: dict[int, list[int]] = {}
    for audience_id, person_id in members.values_list("audience_id", "person_id"):
        audiences.setdefault(audience_id, []).append(person_id)
    owed = [
        (person_id, each)
        for each in announcements.values()
        for person_id in audiences.get(each.audience_id, [])
        if (each.pk, person_id) not in done
    ]
    yield from _in_their_language(owed)


UNCONFIRMED = """
    SELECT member.person_id, 'announcement', asked.due_on, false
    FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS asked (announcement_id, audience_id, due_on)
    JOIN people_audiencemember AS member USING (audience_id)
    WHERE NOT EXISTS (
        SELECT FROM announcements_receipt AS receipt
        WHERE receipt.person_id = member.person_id AND receipt.announcement_id = asked.announcement_id
              AND receipt.acknowledged_at IS NOT NULL
    )
"""


def unconfirmed(at: datetime) -> Statement:
    """As open_duties, of everybody."""
    rows = list(Announcement.objects.to_acknowledge(at).values_list("pk", "audience_id", "due_on"))
    return Statement(UNCONFIRMED, [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []])


def _in_their_language(owed: Sequence[tuple[int, Announcement]]) -> Iterator[Duty]:
    translations = Translation.objects.filter(announcement__in={each.pk for _person, each in owed})
    titles = {(each.announcement_id, each.language): each.title for each in translations} if owed else {}
    languages: dict[int, str] = {}
    if titles:
        people = User.objects.filter(pk__in={person_id for person_id, _each in owed})
        languages = dict(people.values_list("pk", "language"))
    for person_id, each in owed:
        language = languages.get(person_id, "")
        title = titles.get((each.pk, language))
        yield Duty(person_id, each, title, language) if title else Duty(person_id, each, each.title, each.language)


def documents(ids: Collection[int] | None) -> Iterator[Document]:
    """One a language."""
    found = Announcement.objects.current(timezone.now()).prefetch_related("translations")
    for each in found if ids is None else found.filter(pk__in=ids):
        for text in [own_text(each), *map(translated_text, each.translations.all())]:
            yield Document(
                kind="announcement",
                object_id=each.pk,
                title=text.title,
                lead=text.lead,
                body=plain(text.html),
                url=each.get_absolute_url(),
                audience_id=each.audience_id,
                changed_at=each.published_at or each.changed_at,
                language=text.language,
            )


def audience_uses(audience_ids: Collection[int], on: date | None, reader: User) -> Iterator[AudienceUse]:
    """One that was taken down later counts as there on the day, up to its end where it had one."""
    then = for_audiences(Announcement, audience_ids, on)
    found = Announcement.objects.filter(then.condition).order_by("pk")
    if on is not None:
        there = Q(expires_at__isnull=True) | Q(expires_at__date__gt=on)
        found = found.filter(there, published_at__date__lte=on)
    for each in found:
        yield AudienceUse(
            audience_id=then.audience_of(each),
            label=_("Announcements"),
            title=each.title,
            url=each.get_absolute_url(),
            asks=each.must_read,
            language=each.language,
        )


@dataclass(frozen=True)
class Checklist:
    """What an author should know before it is published. `in_language` has, per language, the people who read it."""

    people: int
    minutes: int
    in_language: Sequence[tuple[str, int]]
    missing_language: int

    @property
    def hours(self) -> int:
        return round(self.people * self.minutes / 60)


def checklist(announcement: Announcement, people: int, texts: Collection[str]) -> Checklist:
    members = User.objects.active().filter(audiences=announcement.audience_id)
    spoken = dict(members.order_by().values_list("language").annotate(n=Count("pk")))
    return Checklist(
        people=people,
        minutes=announcement.minutes,
        in_language=[(each, spoken.get(each, 0)) for each in texts],
        missing_language=sum(n for language, n in spoken.items() if language not in texts),
    )


def acknowledged_since(person: User, since: date) -> QuerySet[Receipt]:
    found = Receipt.objects.acknowledged().filter(person=person, acknowledged_at__date__gte=since)
    return found.select_related("announcement").order_by("-acknowledged_at")[:10]
