"""Twenty announcements of Riverbend Health's center, over the last months."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from coe_portal.announcements.actions import queue_publishing
from coe_portal.announcements.demo_texts import TEXTS, Text
from coe_portal.announcements.models import Announcement, Receipt, State
from coe_portal.core import markdown
from coe_portal.core.text import first_words
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
        share = min(0.75, 0.15 + age / 60)
        members = AudienceMember.objects.filter(audience=each.audience_id).order_by("person_id")
        for person_id in members.values_list("person_id", flat=True):
            is_fresh_for_visitor = person_id in kept_unread and age < 15
            if not is_fresh_for_visitor and chance.random() < share:
                read_at = each.published_at + timedelta(hours=chance.uniform(0.1, 20 + age * 8))
                rows.append(_receipt(each, person_id, min(read_at, timezone.now())))
    Receipt.objects.bulk_create(rows, batch_size=5_000)


def _receipt(announcement: Announcement, person_id: int, read_at: datetime) -> Receipt:
    acknowledged_at = read_at if announcement.must_read else None
    return Receipt(announcement=announcement, person_id=person_id, read_at=read_at, acknowledged_at=acknowledged_at)
