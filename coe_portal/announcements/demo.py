"""Twenty announcements of Riverbend Health's center, over the last months."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from coe_portal.announcements.actions import queue_publishing
from coe_portal.announcements.demo_texts import TEXTS, Text
from coe_portal.announcements.models import (
    Announcement,
    Cause,
    Comment,
    Edition,
    Receipt,
    Sending,
    State,
    Translation,
)
from coe_portal.core import markdown
from coe_portal.core.text import first_words
from coe_portal.notifications.models import Notification
from coe_portal.people.demo import DemoOrganisation
from coe_portal.people.models import Audience, AudienceMember


@dataclass(frozen=True)
class _Clock:
    """Moments around the day the demo is built on, in office hours."""

    organisation: DemoOrganisation

    def at(self, days_ago: int, hour: int) -> datetime:
        return timezone.make_aware(datetime.combine(self.organisation.days_ago(days_ago), time(hour, 15)))


def build(organisation: DemoOrganisation) -> None:
    clock = _Clock(organisation)
    announcements = Announcement.objects.bulk_create(
        [_announcement(organisation, clock, number, text) for number, text in enumerate(TEXTS)]
    )
    for announcement in announcements:
        if announcement.state == State.SCHEDULED:
            queue_publishing(announcement)
    _receipts(organisation, announcements)
    texts = list(zip(announcements, TEXTS, strict=True))
    _translations(texts)
    _editions(texts)
    _comments(organisation, texts)
    _sendings(organisation, texts)


def _announcement(organisation: DemoOrganisation, clock: _Clock, number: int, text: Text) -> Announcement:
    audiences: dict[str, Audience] = {
        "everyone": organisation.everyone,
        "clinicians": organisation.clinicians,
        "coordinators": organisation.coordinators,
        "communications": organisation.communications,
    }
    html = markdown.render(text.markdown)
    moment = clock.at(text.days_ago, 8 + number % 8)
    is_ahead = text.days_ago < 0
    return Announcement(
        title=text.title,
        text=text.markdown,
        html=html,
        lead=first_words(html, 280),
        audience=audiences[text.audience],
        author=organisation.sign_ins["strategist" if number % 3 else "approver"],
        state=State.SCHEDULED if is_ahead else State.PUBLISHED,
        is_pinned=text.pinned,
        must_read=text.must_read,
        comments_on=bool(text.comments),
        expires_at=moment + timedelta(days=2) if text.is_over else None,
        edition=2 if text.before else 1,
        edited_at=moment + timedelta(days=1) if text.before else None,
        due_on=organisation.today + timedelta(days=9) if text.must_read else None,
        publish_at=moment if is_ahead else None,
        published_at=None if is_ahead else moment,
    )


def _receipts(organisation: DemoOrganisation, announcements: list[Announcement]) -> None:
    """Older news has been read by more people; the sign-ins have left a little for themselves to read."""
    chance = random.Random("announcements")  # noqa: S311 - made-up readers
    kept_unread = {person.pk for person in organisation.sign_ins.values()}
    rows = []
    for each in announcements:
        if each.published_at is None:
            continue
        age = (organisation.today - timezone.localdate(each.published_at)).days
        share = 0.52 if each.must_read else min(0.75, 0.15 + age / 60)
        members = AudienceMember.objects.filter(audience=each.audience_id).order_by("person_id")
        for person_id in members.values_list("person_id", flat=True):
            is_fresh_for_visitor = person_id in kept_unread and age < 15
            if not is_fresh_for_visitor and chance.random() < share:
                read_at = each.published_at + timedelta(hours=chance.uniform(0.1, 20 + age * 8))
                rows.append(_receipt(each, person_id, min(read_at, timezone.now())))
    Receipt.objects.bulk_create(rows, batch_size=5_000)


Written = list[tuple[Announcement, Text]]


def _translations(texts: Written) -> None:
    rows = []
    for announcement, text in texts:
        if text.spanish:
            title, written = text.spanish
            html = markdown.render(written)
            lead = first_words(html, 280)
            rows.append(
                Translation(announcement=announcement, language="es", title=title, text=written, html=html, lead=lead)
            )
    Translation.objects.bulk_create(rows)


def _editions(texts: Written) -> None:
    """What it said first, and since when it says what it says."""
    rows = []
    for announcement, text in texts:
        if announcement.published_at is None:
            continue
        first = {"en": {"title": text.title, "text": text.before or text.markdown}}
        rows.append(
            Edition(
                announcement=announcement, number=1, by=announcement.author, at=announcement.published_at, texts=first
            )
        )
        if announcement.edited_at:
            now = {"en": {"title": text.title, "text": text.markdown}}
            if text.spanish:
                now["es"] = {"title": text.spanish[0], "text": text.spanish[1]}
            rows.append(
                Edition(
                    announcement=announcement,
                    number=2,
                    by=announcement.author,
                    at=announcement.edited_at,
                    texts=now,
                    note="Says what to look for at the edges, and in Spanish.",
                )
            )
    Edition.objects.bulk_create(rows)


def _comments(organisation: DemoOrganisation, texts: Written) -> None:
    Comment.objects.bulk_create(
        Comment(
            announcement=announcement,
            author=organisation.sign_ins[said.by],
            text=said.markdown,
            html=markdown.render(said.markdown),
            created_at=min(announcement.published_at + timedelta(hours=said.hours), timezone.now()),
        )
        for announcement, text in texts
        for said in text.comments
        if announcement.published_at
    )


def _sendings(organisation: DemoOrganisation, texts: Written) -> None:
    """Everybody has been told of what is published, in a minute or two."""
    sizes = dict(AudienceMember.objects.order_by().values_list("audience").annotate(n=Count("pk")))
    told = [announcement for announcement, _text in texts if announcement.must_read]
    Notification.objects.bulk_create(
        Notification(
            person_id=person_id,
            kind="announcement",
            subject=each.title,
            lead=each.lead,
            url=each.get_absolute_url(),
            key=f"announcement:{each.pk}",
            read_at=each.edited_at,
            mailed_at=each.edited_at,
        )
        for each in told
        for person_id in AudienceMember.objects.filter(audience=each.audience_id).values_list("person_id", flat=True)
    )
    Sending.objects.bulk_create(
        Sending(
            announcement=announcement,
            cause=Cause.PUBLISHED,
            key=f"announcement:{announcement.pk}",
            told_as=f"announcement:{announcement.pk}",
            by=announcement.author,
            mail=announcement.mail,
            total=sizes[announcement.audience_id],
            told=sizes[announcement.audience_id],
            started_at=announcement.published_at,
            finished_at=announcement.published_at + timedelta(seconds=80),
        )
        for announcement, _text in texts
        if announcement.published_at
    )


def _receipt(announcement: Announcement, person_id: int, read_at: datetime) -> Receipt:
    """Some have only read it."""
    acknowledged_at = read_at if announcement.must_read and person_id % 8 else None
    return Receipt(announcement=announcement, person_id=person_id, read_at=read_at, acknowledged_at=acknowledged_at)
