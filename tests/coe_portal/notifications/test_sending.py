"""What becomes of mails when the mail server takes, refuses, hangs up or is away."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import psycopg2
import pytest
import time_machine
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coe_portal import contributions
from coe_portal.contributions import Contribution
from coe_portal.notifications.actions import send_later, send_mail
from coe_portal.notifications.actions.sending import LOCK_CLASS
from coe_portal.notifications.models import Notification, OutgoingMail
from coe_portal.people.models import User
from tests.coe_portal.notifications.mail_server import NOW, MailServer
from tests.factories.notifications import waiting_digest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]

State = OutgoingMail.State


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


def send(times: int = 1) -> None:
    for _ in range(times):
        send_mail(seconds=30)


def states() -> Counter[str]:
    return Counter(OutgoingMail.objects.values_list("state", flat=True))


def make_due() -> None:
    OutgoingMail.objects.waiting().update(due_at=NOW - timedelta(minutes=1))


@pytest.fixture
def other_sender() -> Iterator[None]:
    """Another process that sends."""
    session = psycopg2.connect(**connection.get_connection_params())
    session.cursor().execute("SELECT pg_advisory_lock(%s, 0)", [LOCK_CLASS])
    yield
    session.close()


class TestTaken:
    def test_each_mail_is_sent_once_over_one_connection(self, mail_server: MailServer):
        mails = [waiting_digest() for _ in range(5)]

        send(2)

        assert sorted(mail_server.addresses) == sorted(each.address for each in mails)
        assert mail_server.connections == 1
        assert states() == {State.ACCEPTED: 5}
        assert not Notification.objects.unmailed().exists()

    def test_the_first_are_those_about_signing_in(self, mail_server: MailServer):
        waiting_digest()
        send_later(message=EmailMessage("Your link", "https://x", to=["new@riverbend.example"]))

        send()

        assert mail_server.addresses[0] == "new@riverbend.example"

    def test_a_mail_has_the_headers_that_mail_programs_look_for(self, mail_server: MailServer, settings):
        settings.PUBLIC_URL = "https://portal.example"
        mail = waiting_digest()

        send()

        ((_, message),) = mail_server.mails
        assert message["Message-ID"] == f"<{mail.created_at:%Y%m%d%H%M%S}.{mail.pk}@portal.example>"
        assert message["Date"].datetime == NOW
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Unsubscribe"].strip().startswith("<https://portal.example/notifications/off/")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]

    def test_a_server_that_ends_connections_now_and_then_gets_new_ones(self, mail_server: MailServer):
        mail_server.mails_a_connection = 2
        mails = [waiting_digest() for _ in range(5)]

        send()

        assert sorted(mail_server.addresses) == sorted(each.address for each in mails)
        assert mail_server.connections == 3

    def test_what_waits_for_later_is_left_alone(self, mail_server: MailServer):
        waiting_digest(due_at=NOW + timedelta(minutes=1))

        send()

        assert states() == {State.WAITING: 1}

    def test_a_batch_takes_one_query_a_mail_beside_those_for_all(self, mail_server: MailServer):
        waiting_digest()
        send()  # what is kept for all people is kept now
        waiting_digest()
        with CaptureQueriesContext(connection) as for_one:
            send()
        for _ in range(5):
            waiting_digest()
        with CaptureQueriesContext(connection) as for_five:
            send()

        assert len(for_five) - len(for_one) == 4

    def test_nothing_is_sent_to_who_has_left_or_has_read_it(self, mail_server: MailServer):
        gone = waiting_digest()
        User.objects.filter(pk=gone.person_id).update(is_active=False)
        waiting_digest()
        Notification.objects.filter(person__is_active=True).update(read_at=NOW)

        send()

        assert (mail_server.mails, states()) == ([], {State.DROPPED: 2})

    def test_a_second_sender_does_nothing_while_the_first_is_at_work(self, mail_server: MailServer, other_sender):
        waiting_digest()

        send()

        assert states() == {State.WAITING: 1}


class TestRefused:
    def test_an_address_that_is_refused_for_good_is_parked(self, mail_server: MailServer):
        bad, good = waiting_digest(), waiting_digest()
        mail_server.refuse[bad.address] = "550 5.1.1 No such user"

        send(2)

        bad.refresh_from_db()
        assert mail_server.addresses == [good.address]
        assert (bad.state, bad.attempts) == (State.PARKED, 1)
        assert "550 5.1.1 No such user" in bad.error
        assert Notification.objects.unmailed().count() == 1

    @pytest.mark.parametrize("where", ["refuse", "refuse_data"])
    def test_what_is_refused_for_now_is_tried_again_later_and_later(self, where: str, mail_server: MailServer):
        mail = waiting_digest()
        getattr(mail_server, where)[mail.address] = "451 4.7.1 Greylisted"
        waits = []
        for _ in range(3):
            make_due()
            send()
            mail.refresh_from_db()
            waits.append((mail.due_at - NOW) // timedelta(minutes=1))

        getattr(mail_server, where).clear()
        make_due()
        send()

        assert waits == [5, 15, 45]
        assert states() == {State.ACCEPTED: 1}
        assert mail_server.addresses == [mail.address]

    def test_in_the_end_it_is_parked(self, mail_server: MailServer):
        mail = waiting_digest()
        mail_server.refuse[mail.address] = "450 Mailbox busy"
        for _ in range(9):
            make_due()
            send()

        mail.refresh_from_db()
        assert (mail.state, mail.attempts) == (State.PARKED, 8)

    def test_content_that_is_refused_for_good_is_parked(self, mail_server: MailServer):
        mail = waiting_digest()
        mail_server.refuse_data[mail.address] = "554 5.7.1 Looks like spam"

        send()

        mail.refresh_from_db()
        assert mail.state == State.PARKED

    def test_an_address_that_is_none_is_parked_and_the_others_are_sent(self, mail_server: MailServer):
        bad = waiting_digest()
        User.objects.filter(pk=bad.person_id).update(email="two words@here@there")
        good = waiting_digest()

        send()

        bad.refresh_from_db()
        assert (bad.state, mail_server.addresses) == (State.PARKED, [good.address])


class TestUnsure:
    def test_a_connection_that_ends_after_the_mail_is_repeated_once_and_marked(self, mail_server: MailServer):
        mail, other = waiting_digest(), waiting_digest()
        mail_server.hang_up_taken[mail.address] = 1

        send(3)

        mail.refresh_from_db()
        assert Counter(mail_server.addresses) == {mail.address: 2, other.address: 1}
        assert (mail.state, mail.ambiguous) == (State.ACCEPTED, True)
        assert len({message["Message-ID"] for address, message in mail_server.mails if address == mail.address}) == 1
        assert not OutgoingMail.objects.get(pk=other.pk).ambiguous

    def test_never_more_than_once(self, mail_server: MailServer):
        mail = waiting_digest()
        mail_server.hang_up_taken[mail.address] = 5

        send(5)

        mail.refresh_from_db()
        assert len(mail_server.mails) == 2
        assert (mail.state, mail.ambiguous) == (State.PARKED, True)
        assert "Sent twice" in mail.error

    def test_a_mail_that_was_lost_so_arrives(self, mail_server: MailServer):
        mail = waiting_digest()
        mail_server.hang_up_lost[mail.address] = 1

        send(2)

        assert mail_server.addresses == [mail.address]

    def test_what_a_sender_that_was_killed_left_is_repeated_once_and_marked(self, mail_server: MailServer):
        mail = waiting_digest(state=State.SENDING)

        send()

        mail.refresh_from_db()
        assert (mail.state, mail.ambiguous) == (State.ACCEPTED, True)
        OutgoingMail.objects.update(state=State.SENDING, accepted_at=None)
        send()
        mail.refresh_from_db()
        assert mail.state == State.PARKED
        assert len(mail_server.mails) == 1


class TestAway:
    def test_mails_are_kept_and_sent_when_the_server_is_back(self, mail_server: MailServer):
        mails = [waiting_digest() for _ in range(3)]
        mail_server.stop()

        send(3)

        assert states() == {State.WAITING: 3}
        assert OutgoingMail.objects.filter(attempts__gt=0).count() == 0
        assert "does not answer" in OutgoingMail.objects.order_by("pk").first().error
        mail_server.start()
        send()
        assert sorted(mail_server.addresses) == sorted(each.address for each in mails)
        assert states() == {State.ACCEPTED: 3}

    def test_a_server_that_is_busy_is_left_alone_without_blaming_a_mail(self, mail_server: MailServer):
        mail = waiting_digest()
        waiting_digest()
        mail_server.refuse[mail.address] = "421 Too many connections"

        assert send_mail(seconds=30) is False

        assert states() == {State.WAITING: 2}
        assert OutgoingMail.objects.filter(attempts__gt=0).count() == 0

    def test_one_at_which_it_always_goes_away_does_not_hold_back_the_others(self, mail_server: MailServer):
        first, second, third = (waiting_digest() for _ in range(3))
        mail_server.refuse[first.address] = "421 Not this one"

        send(2)

        assert mail_server.addresses == [second.address, third.address]
        assert OutgoingMail.objects.get(pk=first.pk).state == State.WAITING

    def test_nor_those_that_are_less_urgent(self, mail_server: MailServer):
        digest = waiting_digest()
        send_later(message=EmailMessage("Your link", "https://x", to=["new@riverbend.example"]))
        mail_server.refuse["new@riverbend.example"] = "421 Not this one"

        send(3)

        assert mail_server.addresses == [digest.address]


class TestMeanwhile:
    """Between queueing and sending."""

    def test_a_new_address_is_written_to(self, mail_server: MailServer):
        mail = waiting_digest()
        User.objects.filter(pk=mail.person_id).update(email="married@riverbend.example")

        send()

        mail.refresh_from_db()
        assert mail_server.addresses == ["married@riverbend.example"]
        assert (mail.address, mail.state) == ("married@riverbend.example", State.ACCEPTED)

    def test_an_app_that_fails_does_not_hold_back_what_was_written_before(
        self, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
    ):
        def fail(person_ids: object, on: object) -> list[object]:
            raise RuntimeError("no obligations today")

        monkeypatch.setitem(contributions._registered, "broken", Contribution(app="broken", obligations=fail))
        waiting_digest()
        send_later(message=EmailMessage("Your link", "https://x", to=["new@riverbend.example"]))

        with pytest.raises(RuntimeError):
            send()

        assert mail_server.addresses == ["new@riverbend.example"]
        assert states() == {State.ACCEPTED: 1, State.WAITING: 1}


class TestReadyMade:
    def test_a_mail_of_other_code_arrives_as_it_was_written(self, mail_server: MailServer):
        message = EmailMultiAlternatives("Subject ü", "Text", to=["a@x.example"], cc=["b@x.example"])
        message.attach_alternative("<p>Text</p>", "text/html")
        message.attach("report.pdf", b"%PDF-1", "application/pdf")

        send_later(message=message)
        send()

        assert sorted(mail_server.addresses) == ["a@x.example", "b@x.example"]
        got = mail_server.mails[0][1]
        assert got["Subject"] == "Subject ü"
        assert [part.get_filename() for part in got.iter_attachments()] == ["report.pdf"]

    def test_it_is_encrypted_while_it_waits_and_gone_when_it_is_sent(self, mail_server: MailServer):
        send_later(message=EmailMessage("Your link", "https://x/secret-token", to=["a@x.example"]))
        assert "secret-token" not in OutgoingMail.objects.get().content

        send()

        assert OutgoingMail.objects.get().content == ""
        assert "secret-token" in mail_server.mails[0][1].get_content()

    def test_quiet_hours_do_not_hold_it_back(self, mail_server: MailServer):
        with time_machine.travel(NOW.replace(hour=4), tick=False):
            send_later(message=EmailMessage("Your link", "https://x", to=["a@x.example"]))
            send()

        assert len(mail_server.mails) == 1
