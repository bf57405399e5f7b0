from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from coe_portal.announcements.models import Announcement, State
from coe_portal.announcements.queries.lists import newest, open_duties
from coe_portal.announcements.queries.receipts import reach, who_has_not
from coe_portal.people.models import Audience, User
from tests.factories.announcements import AT, AnnouncementFactory, ReceiptFactory
from tests.factories.people import AudienceFactory, PersonFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_newest_has_the_pinned_first(employee: User):
    older = AnnouncementFactory(title="Older", published_at=AT - timedelta(days=9), is_pinned=True)
    newer = AnnouncementFactory(title="Newer")
    AnnouncementFactory(title="For others", audience=AudienceFactory())
    AnnouncementFactory(title="Over", expires_at=NOW)
    AnnouncementFactory(title="Draft", draft=True)

    assert [row.announcement for row in newest(employee, NOW, 5)] == [older, newer]


def test_a_row_knows_what_is_unread_and_what_is_to_be_confirmed(employee: User):
    ReceiptFactory(person=employee, announcement__must_read=True)

    (row,) = newest(employee, NOW, 5)

    assert (row.is_unread, row.is_to_acknowledge) == (False, True)


def test_open_duties_are_those_of_the_audience_who_have_not_confirmed(employee: User, everyone: Audience):
    announcement = AnnouncementFactory(must_read=True, due_on=date(2026, 3, 9))
    confirmed = PersonFactory()
    everyone.people.add(confirmed)
    ReceiptFactory(announcement=announcement, person=confirmed, acknowledged_at=NOW)
    outsider = PersonFactory()

    duties = list(open_duties([employee.pk, confirmed.pk, outsider.pk], NOW))

    assert [(each.person_id, each.announcement) for each in duties] == [(employee.pk, announcement)]


@pytest.mark.parametrize("number", [1, 3])
def test_open_duties_take_four_queries(number: int, everyone: Audience, django_assert_num_queries):
    people = PersonFactory.create_batch(number)
    everyone.people.add(*people)
    AnnouncementFactory.create_batch(number, must_read=True)

    with django_assert_num_queries(4):
        duties = list(open_duties([person.pk for person in people], NOW))

    assert len(duties) == number * number


def test_reach_counts_members_only(employee: User, everyone: Audience):
    announcement = AnnouncementFactory(must_read=True)
    ReceiptFactory(announcement=announcement, person=employee, acknowledged_at=NOW)
    ReceiptFactory(announcement=announcement)

    found = reach(announcement)

    assert (found.people, found.read, found.acknowledged) == (1, 1, 1)


def test_who_has_not_confirmed(employee: User, strategist: User):
    announcement = AnnouncementFactory(must_read=True)
    ReceiptFactory(announcement=announcement, person=employee, acknowledged_at=NOW)

    assert list(who_has_not(announcement)) == [strategist]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "lost"}, "announcement_state_known"),
        ({"state": State.PUBLISHED, "published_at": None}, "announcement_published_has_time"),
        ({"state": State.SCHEDULED, "published_at": None}, "announcement_scheduled_has_time"),
    ],
)
def test_the_database_refuses_what_cannot_be(fields: dict[str, object], constraint: str):
    with pytest.raises(IntegrityError, match="announcement_"):
        AnnouncementFactory(**fields)


def test_a_person_has_one_receipt_an_announcement():
    receipt = ReceiptFactory()

    with pytest.raises(IntegrityError, match="announcement_receipt_once"):
        ReceiptFactory(announcement=receipt.announcement, person=receipt.person)


def test_a_late_one_is_late_the_day_after():
    announcement = Announcement(due_on=date(2026, 3, 2))

    assert not announcement.is_late(date(2026, 3, 2))
    assert announcement.is_late(date(2026, 3, 3))
