"""What happens to the news of an announcement that is taken down, changed or done before it is mailed, and to writers
and readers whose page is older than the announcement."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from coe_portal.announcements import actions
from coe_portal.announcements.models import Announcement, Receipt, Sending, State
from coe_portal.announcements.queries.told import as_it_is_now
from coe_portal.audit.models import AuditEntry
from coe_portal.contributions import Told
from coe_portal.notifications.actions import queue_digests, send_mail
from coe_portal.notifications.models import ChatDestination, Notification, OutgoingMail
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import Audience, User
from tests.coe_portal.announcements.test_sending import published, run_jobs
from tests.factories.announcements import AnnouncementFactory, ReceiptFactory
from tests.factories.people import AudienceFactory, person_with

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def reader(everyone: Audience) -> User:
    return person_with(name="Ruth Abara")


def mailed_next_morning(mailoutbox: list) -> list[tuple[str, str]]:
    """Address and subject of what goes out."""
    Notification.objects.update(created_at=NOW)  # the database has a clock of its own
    with time_machine.travel(NEXT_MORNING, tick=False):
        queue_digests(at=timezone.now())
        send_mail(seconds=30)
    return [(mail.to[0], mail.subject) for mail in mailoutbox]


def unread(person: User) -> int:
    return Notification.objects.visible_to(person).unread().count()


class TestBeforeItIsMailed:
    def test_it_goes_out_as_it_is_in_the_morning(self, strategist: User, reader: User, everyone: Audience, mailoutbox):
        announcement = published(strategist, everyone)
        run_jobs()
        actions.save(by=strategist, announcement=announcement, fields={"title": "Ask always"}, at=NOW)

        assert mailed_next_morning(mailoutbox) == [(reader.email, "Ask always")]

    def test_withdrawn_nobody_hears_of_it_any_more(
        self, strategist: User, reader: User, everyone: Audience, mailoutbox
    ):
        announcement = published(strategist, everyone)
        run_jobs()

        actions.withdraw(by=strategist, announcement=announcement)

        assert unread(reader) == 0
        assert not Notification.objects.exists()
        assert mailed_next_morning(mailoutbox) == []

    def test_the_page_of_the_sending_says_that_it_was_withdrawn(
        self, strategist: User, reader: User, everyone: Audience, sign_in: SignIn
    ):
        announcement = published(strategist, everyone)
        run_jobs()
        actions.withdraw(by=strategist, announcement=announcement)

        page = sign_in(strategist).get(f"/announcements/{announcement.pk}/sending/").content.decode()

        assert "mails that had not gone out are not sent" in page
        assert "Everybody has been told" not in page

    def test_withdrawn_with_the_mail_in_the_queue(self, strategist: User, reader: User, everyone: Audience, mailoutbox):
        announcement = published(strategist, everyone)
        run_jobs()
        Notification.objects.update(created_at=NOW)
        queue_digests(at=NEXT_MORNING)
        assert OutgoingMail.objects.count() == 1

        actions.withdraw(by=strategist, announcement=announcement)

        assert mailed_next_morning(mailoutbox) == []
        assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED

    def test_withdrawn_it_is_not_posted_to_a_room_that_was_away(self, strategist: User, everyone: Audience):
        room = ChatDestination.objects.create(name="Nurses", service="x", host="x", secret="x", kinds=["announcement"])
        announcement = actions.save(
            by=strategist, announcement=Announcement(), at=NOW, rooms=[room],
            fields={"title": "Ask first", "text": "Ask.", "audience": everyone},
        )  # fmt: skip
        actions.publish(by=strategist, announcement=announcement, at=NOW)
        run_jobs()
        waiting = QueuedJob.objects.waiting().filter(name="notifications.post_to_chat")
        assert waiting.count() == 1

        actions.withdraw(by=strategist, announcement=announcement)

        assert waiting.count() == 0

    @pytest.mark.parametrize("what", ["expired", "confirmed", "moved"])
    def test_it_is_not_mailed_to_whom_it_is_no_news(
        self, what: str, strategist: User, reader: User, everyone: Audience, mailoutbox
    ):
        expires = NOW + timedelta(hours=2) if what == "expired" else None
        announcement = published(strategist, everyone, must_read=True, expires_at=expires)
        run_jobs()
        if what == "confirmed":
            Receipt.objects.create(announcement=announcement, person=reader, read_at=NOW, acknowledged_at=NOW)
        if what == "moved":
            everyone.people.remove(reader)

        assert mailed_next_morning(mailoutbox) == []
        assert queue_digests(at=NEXT_MORNING + timedelta(days=1)) == 0

    def test_what_has_been_read_in_the_portal_is_not_told_again(
        self, strategist: User, reader: User, everyone: Audience, mailoutbox
    ):
        announcement = published(strategist, everyone)
        run_jobs()
        assert unread(reader) == 1

        actions.mark_read(by=reader, announcement_ids=[announcement.pk], at=NOW)

        assert unread(reader) == 0
        assert mailed_next_morning(mailoutbox) == []

    def test_a_whole_batch_takes_five_queries(self, everyone: Audience, django_assert_num_queries):
        people = [person_with() for _ in range(3)]
        found = [AnnouncementFactory(title=title, audience=everyone) for title in ["One", "Two"]]
        told = [Told(person.pk, "en", f"announcement:{each.pk}", "Old", "") for person in people for each in found]
        told.append(Told(people[0].pk, "en", "something:else", "As it was", ""))

        with django_assert_num_queries(4):
            now = as_it_is_now(told)

        assert [each.subject for each in now if each] == ["One", "Two"] * 3 + ["As it was"]


class TestAnotherAudience:
    def test_who_is_in_it_now_and_was_not_told_is_told(self, strategist: User, reader: User):
        first, second = AudienceFactory(), AudienceFactory()
        newcomer = person_with(name="Paul Ito")
        first.people.add(reader)
        second.people.add(reader, newcomer)
        announcement = published(strategist, first)
        run_jobs()

        actions.save(by=strategist, announcement=announcement, fields={"audience": second}, at=NOW)
        run_jobs()

        assert sorted(Notification.objects.values_list("person", flat=True)) == sorted([reader.pk, newcomer.pk])
        assert Sending.objects.order_by("-pk").values_list("total", "told").first() == (1, 1)

    def test_with_who_is_not_in_it_nothing_is_left(self, strategist: User, reader: User):
        first, second = AudienceFactory(), AudienceFactory()
        first.people.add(reader)
        announcement = published(strategist, first)
        run_jobs()

        actions.save(by=strategist, announcement=announcement, fields={"audience": second}, at=NOW)

        assert not Notification.objects.exists()


class TestOldPages:
    def test_a_scheduled_one_keeps_its_time(self, strategist: User, everyone: Audience, sign_in: SignIn):
        announcement = AnnouncementFactory(
            draft=True, state=State.SCHEDULED, publish_at=NOW + timedelta(days=1), audience=everyone
        )
        typed = {
            "title": "New", "text": "Text.", "language": "en", "audience": everyone.pk, "mail": "digest",
            "publish_at": "",
        }  # fmt: skip

        answer = sign_in(strategist).post(f"/announcements/{announcement.pk}/edit/", typed)

        assert "It is scheduled. Choose a time" in answer.content.decode()
        announcement.refresh_from_db()
        assert (announcement.title, announcement.state) != ("New", State.DRAFT)

    @pytest.mark.parametrize(
        ("times", "sent", "said"),
        [
            ({"publish_at": NOW - timedelta(hours=1)}, {}, "to be published has passed"),
            ({"expires_at": NOW - timedelta(hours=1)}, {"now": "1"}, "taken down has passed"),
        ],
    )
    def test_a_draft_whose_time_has_passed_is_not_published_by_mistake(
        self, times: dict, sent: dict, said: str, strategist: User, everyone: Audience, sign_in: SignIn
    ):
        announcement = AnnouncementFactory(draft=True, audience=everyone, **times)

        page = sign_in(strategist).post(f"/announcements/{announcement.pk}/publish/", sent, follow=True)

        assert said in page.content.decode()
        announcement.refresh_from_db()
        assert announcement.state == State.DRAFT

    def test_what_was_published_meanwhile_is_not_written_over(self, strategist: User, everyone: Audience):
        announcement = AnnouncementFactory(
            draft=True, state=State.SCHEDULED, publish_at=NOW, audience=everyone, author=strategist
        )
        read_before = Announcement.objects.get(pk=announcement.pk)
        actions.publish_scheduled(announcement_id=announcement.pk, at=NOW)

        with pytest.raises(actions.WrongState):
            actions.save(by=strategist, announcement=read_before, fields={"title": "Too late"}, at=NOW)

        announcement.refresh_from_db()
        assert (announcement.state, announcement.published_at) == (State.PUBLISHED, NOW)

    def test_what_was_asked_again_is_not_confirmed_from_the_page_before(
        self, reader: User, everyone: Audience, sign_in: SignIn
    ):
        announcement = AnnouncementFactory(must_read=True, audience=everyone, asked_in=2, edition=2)
        client, url = sign_in(reader), f"/announcements/{announcement.pk}/acknowledge/"

        refused = client.post(url, {"asked_in": "1"}, follow=True).content.decode()

        assert "It has changed since you opened it" in refused
        assert not Receipt.objects.acknowledged().exists()
        client.post(url, {"asked_in": "2"})
        assert Receipt.objects.acknowledged().count() == 1

    def test_a_page_that_must_be_confirmed_notes_that_it_was_opened(
        self, reader: User, everyone: Audience, sign_in: SignIn
    ):
        announcement = AnnouncementFactory(must_read=True, audience=everyone)

        page = sign_in(reader).get(announcement.get_absolute_url()).content.decode()

        assert f'hx-post="/announcements/{announcement.pk}/read/"' in page
        assert "Mark as read" not in page

    def test_one_that_is_over_asks_for_nothing(self, reader: User, everyone: Audience, sign_in: SignIn):
        announcement = AnnouncementFactory(expires_at=NOW - timedelta(days=1), audience=everyone)

        page = sign_in(reader).get(announcement.get_absolute_url()).content.decode()

        assert "hx-post" not in page


def test_a_reminder_a_second_time_the_same_day_is_refused(strategist: User, everyone: Audience):
    announcement = AnnouncementFactory(must_read=True, audience=everyone)
    ReceiptFactory(announcement=announcement, person=strategist)
    actions.remind(by=strategist, announcement=announcement, department_ids=None, at=NOW)

    with pytest.raises(actions.Refused):
        actions.remind(by=strategist, announcement=announcement, department_ids=None, at=NOW)

    assert AuditEntry.objects.filter(verb="announcement.reminded").count() == 1
