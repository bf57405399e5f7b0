"""When people get mail: their hour, their zone, their quiet hours, across daylight saving time."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail

from coe_portal.notifications.actions import Mail, queue_digests, queue_mail, send_mail
from coe_portal.notifications.models import MailTimes, Notification, OutgoingMail
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from tests.factories.announcements import AnnouncementFactory
from tests.factories.notifications import NotificationFactory, OutgoingMailFactory
from tests.factories.people import PersonFactory, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # seven o'clock in New York
DAY_BEFORE = MONDAY - timedelta(days=1)


def news(person: User, at: datetime = DAY_BEFORE, **fields: object) -> Notification:
    told = NotificationFactory(person=person, **fields)
    Notification.objects.filter(pk=told.pk).update(created_at=at)
    return told


def keys() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("key", flat=True))


def times(person: User, **fields: object) -> None:
    MailTimes.objects.create(person=person, **fields)


class TestTheHour:
    def test_it_comes_at_the_persons_hour_once_a_day(self, employee: User):
        news(employee)

        assert queue_digests(at=MONDAY - timedelta(minutes=1)) == 0
        assert queue_digests(at=MONDAY) == 1
        assert queue_digests(at=MONDAY + timedelta(hours=5)) == 0
        assert keys() == [f"digest:{employee.pk}:2026-03-02"]

    def test_sending_is_asked_for(self, employee: User):
        news(employee)
        queue_digests(at=MONDAY)

        assert list(QueuedJob.objects.values_list("name", flat=True)) == ["notifications.send_mail"]

    def test_each_in_their_own_zone(self):
        hawaii, madrid = PersonFactory(time_zone="Pacific/Honolulu"), PersonFactory(time_zone="Europe/Madrid")
        for each in [hawaii, madrid]:
            news(each)

        queue_digests(at=datetime(2026, 3, 2, 6, 0, tzinfo=UTC))
        assert keys() == [f"digest:{madrid.pk}:2026-03-02"]
        queue_digests(at=datetime(2026, 3, 2, 17, 0, tzinfo=UTC))
        assert keys()[1:] == [f"digest:{hawaii.pk}:2026-03-02"]

    def test_another_hour_may_be_chosen(self, employee: User):
        times(employee, digest_at=time(12, 30))
        news(employee)

        assert queue_digests(at=MONDAY) == 0
        assert queue_digests(at=MONDAY + timedelta(hours=5, minutes=30)) == 1

    def test_the_last_minutes_of_the_day_are_not_missed(self, employee: User):
        """Nobody looks between a quarter to twelve and midnight a second time."""
        times(employee, digest_at=time(23, 55), quiet_from=time(0), quiet_until=time(0))
        news(employee)
        quarter_to_twelve = MONDAY + timedelta(hours=16, minutes=45)

        assert queue_digests(at=quarter_to_twelve - timedelta(minutes=1)) == 0
        assert queue_digests(at=quarter_to_twelve) == 1

    def test_what_comes_after_the_hour_waits_for_tomorrow(self, employee: User):
        news(employee, at=MONDAY + timedelta(minutes=1))

        assert queue_digests(at=MONDAY + timedelta(hours=3)) == 0
        assert queue_digests(at=MONDAY + timedelta(days=1)) == 1

    @pytest.mark.parametrize("away", [timedelta(hours=3), timedelta(days=3, hours=3)])
    def test_a_clock_that_stood_still_makes_one_mail(self, away: timedelta, employee: User):
        news(employee, at=MONDAY - timedelta(minutes=1))
        news(employee, at=MONDAY - timedelta(days=2))

        for minutes in range(0, 60, 15):
            queue_digests(at=MONDAY + away + timedelta(minutes=minutes))

        assert len(keys()) == 1

    def test_one_that_is_too_late_for_the_evening_comes_with_the_next_mornings(self, employee: User):
        news(employee)

        assert queue_digests(at=MONDAY + timedelta(hours=14)) == 0
        assert queue_digests(at=MONDAY + timedelta(days=1)) == 1

    def test_there_is_none_without_news(self, employee: User, strategist: User):
        news(employee, read_at=DAY_BEFORE)
        news(employee, mailed_at=DAY_BEFORE)
        news(employee, mail=Mail.NONE)
        news(PersonFactory(is_active=False))

        assert queue_digests(at=MONDAY) == 0

    def test_an_address_that_bounced_is_left_alone_for_a_month(self, employee: User):
        with time_machine.travel(DAY_BEFORE, tick=False):
            OutgoingMailFactory(person=employee, state=OutgoingMail.State.PARKED)
        news(employee)

        assert queue_digests(at=MONDAY) == 0
        assert queue_digests(at=MONDAY + timedelta(days=31)) == 1

    def test_it_takes_as_many_queries_for_three_as_for_one(self, django_assert_num_queries):
        news(PersonFactory())
        with django_assert_num_queries(6):
            queue_digests(at=MONDAY)
        for _ in range(3):
            news(PersonFactory())

        with django_assert_num_queries(6):
            queue_digests(at=MONDAY)


class TestDaylightSaving:
    """In New York clocks went forward on 8 March 2026 at two, and back on 1 November 2026 at two."""

    def test_the_hour_stays_the_hour(self, employee: User):
        news(employee, at=DAY_BEFORE)
        assert queue_digests(at=datetime(2026, 3, 9, 10, 59, tzinfo=UTC)) == 0
        assert queue_digests(at=datetime(2026, 3, 9, 11, 0, tzinfo=UTC)) == 1

    def test_an_hour_that_is_skipped_is_not_missed(self, employee: User):
        times(employee, digest_at=time(2, 30), quiet_from=time(0), quiet_until=time(0))
        news(employee)

        assert queue_digests(at=datetime(2026, 3, 8, 6, 59, tzinfo=UTC)) == 0
        assert queue_digests(at=datetime(2026, 3, 8, 7, 30, tzinfo=UTC)) == 1

    def test_an_hour_that_comes_twice_makes_one_mail(self, employee: User):
        times(employee, digest_at=time(1, 30), quiet_from=time(0), quiet_until=time(0))
        news(employee)

        assert queue_digests(at=datetime(2026, 11, 1, 5, 30, tzinfo=UTC)) == 1
        news(employee, at=datetime(2026, 11, 1, 5, 0, tzinfo=UTC))
        assert queue_digests(at=datetime(2026, 11, 1, 6, 30, tzinfo=UTC)) == 0


class TestAtOnce:
    def test_it_waits_for_the_end_of_the_quiet_hours(self, employee: User):
        told = news(employee, mail=Mail.NOW)

        assert queue_mail(at=MONDAY - timedelta(minutes=1)) == 0
        assert queue_mail(at=MONDAY) == 1
        assert queue_mail(at=MONDAY + timedelta(minutes=1)) == 0
        assert keys() == [f"now:{employee.pk}:{told.pk}"]

    def test_two_at_the_same_time_are_one_mail(self, employee: User):
        news(employee, mail=Mail.NOW)
        news(employee, mail=Mail.NOW)

        assert queue_mail(at=MONDAY) == 1

    def test_not_on_a_quiet_weekend(self, employee: User):
        times(employee, quiet_weekends=True)
        news(employee, mail=Mail.NOW)
        saturday_noon = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)

        assert queue_mail(at=saturday_noon) == 0
        assert queue_mail(at=saturday_noon + timedelta(days=2)) == 1

    def test_what_was_sent_at_once_is_not_in_the_digest(self, employee: User):
        news(employee, mail=Mail.NOW, subject="Urgent")
        news(employee, subject="Slow")
        with time_machine.travel(MONDAY, tick=False):
            queue_mail(at=MONDAY)
            send_mail(seconds=9)
            queue_digests(at=MONDAY)
            send_mail(seconds=9)

        assert [each.subject for each in mail.outbox] == ["Urgent", "Slow"]

    def test_a_mail_that_could_not_be_sent_before_the_evening_is_sent_in_the_morning(self, employee: User):
        news(employee, mail=Mail.NOW)
        queue_mail(at=MONDAY)
        evening, morning = MONDAY + timedelta(hours=14), MONDAY + timedelta(days=1)

        with time_machine.travel(evening, tick=False):
            send_mail(seconds=9)
        assert mail.outbox == []
        assert OutgoingMail.objects.get().due_at == morning

        with time_machine.travel(morning, tick=False):
            send_mail(seconds=9)
        assert len(mail.outbox) == 1


class TestWhatItSays:
    def digest(self, person: User) -> mail.EmailMultiAlternatives:
        with time_machine.travel(MONDAY, tick=False):
            queue_digests(at=MONDAY)
            send_mail(seconds=9)
        (sent,) = mail.outbox
        return sent

    def test_what_is_new_and_what_is_owed(self, settings):
        settings.PUBLIC_URL = "https://portal.example"
        person = person_with(name="Rosa Delgado")
        AnnouncementFactory(title="Flu season", must_read=True, due_on=MONDAY.date() - timedelta(days=2))
        news(person, subject="First", lead="Why it matters", url="/policies/x/")
        news(person, subject="Second")

        sent = self.digest(person)

        html = sent.alternatives[0].content
        assert (sent.to, sent.subject) == ([person.email], "Center of Excellence: 2 new messages for you")
        assert "- First\n  Why it matters\n  https://portal.example/policies/x/" in sent.body
        assert "- Flu season (was due Feb. 28, 2026)" in sent.body
        assert 'href="https://portal.example/policies/x/">First</a>' in html
        assert "Was due Feb. 28, 2026" in html

    def test_a_single_message_is_the_subject(self, employee: User):
        news(employee, subject="A policy is new")

        assert self.digest(employee).subject == "A policy is new"

    def test_what_is_owed_is_not_said_twice(self):
        person = person_with(name="Rosa Delgado")
        about = AnnouncementFactory(title="Flu season", must_read=True, due_on=MONDAY.date() + timedelta(days=7))
        news(person, subject="Flu season: due in 7 days", url=about.get_absolute_url())

        sent = self.digest(person)

        assert sent.subject == "1 thing is open for you"
        assert "due in 7 days" not in sent.body + sent.alternatives[0].content
        assert sent.body.count("Flu season") == 1
        assert not Notification.objects.unmailed().exists()

    def test_nothing_of_a_private_kind_but_that_there_is_something(self, employee: User):
        news(employee, kind="secret", subject="Patient Doe was named", lead="In room 12", url="/feedback/doe/")

        sent = self.digest(employee)

        everything = sent.subject + sent.body + sent.alternatives[0].content
        assert sent.subject == "Something for you"
        assert [word for word in ["Doe", "room 12", "/feedback/doe/"] if word in everything] == []

    def test_a_name_is_text_and_no_markup(self):
        person = person_with(name="<b>Rosa</b>")
        news(person, subject="<script>x</script>")

        html = self.digest(person).alternatives[0].content

        assert "<script>" not in html
        assert "<b>" not in html

    def test_a_subject_cannot_add_a_header(self, employee: User):
        Notification.objects.all().delete()
        news(employee, subject="New\nBcc: evil@elsewhere.example")
        with time_machine.travel(MONDAY, tick=False):
            queue_digests(at=MONDAY)
            send_mail(seconds=9)

        assert mail.outbox == []
        assert OutgoingMail.objects.get().state == OutgoingMail.State.PARKED

    @pytest.mark.parametrize("subject", ["Flu season: due today", "Something else"])
    def test_the_text_without_html_reads_well(self, subject: str, settings):
        settings.PUBLIC_URL = "https://portal.example"
        person = person_with(name="Rosa Delgado")
        owed = AnnouncementFactory(title="Flu season", must_read=True)
        url = owed.get_absolute_url() if subject.startswith("Flu") else "/elsewhere/"
        news(person, subject=subject, url=url)

        body = self.digest(person).body

        assert "\nSee it all: https://portal.example/my/\n" in body
        assert "\n\n\n" not in body

    def test_in_the_persons_language(self):
        person = PersonFactory(language="es")
        news(person, subject="Uno")

        assert '<html lang="es">' in self.digest(person).alternatives[0].content

    def test_what_is_required_says_why_and_cannot_be_stopped(self, employee: User):
        news(employee, kind="duty")

        sent = self.digest(employee)

        assert "The law asks for it." in sent.body
        assert "/notifications/off/" not in sent.body
        assert "List-Unsubscribe" not in sent.extra_headers
