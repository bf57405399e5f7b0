from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.notifications.models import OutgoingMail
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from tests.factories.notifications import LONG_AGO, OutgoingMailFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
State = OutgoingMail.State


@pytest.fixture
def client(administrator: User, sign_in: SignIn) -> Client:
    return sign_in(administrator)


@pytest.fixture
def parked() -> OutgoingMail:
    return OutgoingMailFactory(address="gone@riverbend.example", state=State.PARKED, error="550 No such user")


def test_the_page_says_what_waits_and_what_was_refused(client: Client, parked: OutgoingMail):
    now = timezone.now()
    OutgoingMailFactory(error="The mail server does not answer")
    OutgoingMailFactory(due_at=now + timedelta(hours=1))
    OutgoingMailFactory(state=State.ACCEPTED, accepted_at=now, ambiguous=True)
    OutgoingMailFactory(state=State.ACCEPTED, accepted_at=now - timedelta(days=2))

    response = client.get("/administration/mail/")

    mail, page = response.context["mail"], response.content.decode()
    assert (mail.due, mail.later, mail.accepted, mail.parked, mail.ambiguous) == (1, 1, 1, 1, 1)
    assert "gone@riverbend.example" in page
    assert "550 No such user" in page
    assert "The mail server does not answer" in page
    assert "The mail server does not answer" in client.get("/administration/jobs/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_constant_queries(number: int, client: Client, django_assert_max_num_queries):
    for _ in range(number):
        OutgoingMailFactory(state=State.PARKED)
    client.get("/administration/mail/")

    with django_assert_max_num_queries(7):
        client.get("/administration/mail/")


def test_a_mail_is_sent_again_or_given_up(client: Client, parked: OutgoingMail):
    client.post(f"/administration/mail/{parked.pk}/again/")
    parked.refresh_from_db()
    assert parked.state == State.WAITING

    assert client.post(f"/administration/mail/{parked.pk}/give-up/").status_code == 404
    OutgoingMail.objects.update(state=State.PARKED)
    client.post(f"/administration/mail/{parked.pk}/give-up/")
    parked.refresh_from_db()
    assert parked.state == State.DROPPED


def test_others_do_not_see_it(strategist: User, sign_in: SignIn, parked: OutgoingMail):
    client = sign_in(strategist)

    assert client.get("/administration/mail/").status_code in {403, 404}
    assert client.post(f"/administration/mail/{parked.pk}/again/").status_code in {403, 404}
    assert client.post("/administration/mail/again/").status_code in {403, 404}
    assert client.post("/administration/jobs/again/").status_code in {403, 404}


def test_after_a_server_that_refused_everything_all_are_sent_again(client: Client, parked: OutgoingMail):
    OutgoingMailFactory.create_batch(2, state=State.PARKED, attempts=8)
    unsure = OutgoingMailFactory(state=State.PARKED, ambiguous=True)
    assert "Send all again" in client.get("/administration/mail/").content.decode()

    page = client.post("/administration/mail/again/", follow=True).content.decode()

    assert "3 mails are sent again." in page
    assert list(OutgoingMail.objects.parked()) == [unsure]
    assert set(OutgoingMail.objects.waiting().values_list("attempts", flat=True)) == {0}
    assert "Send all again" not in page


def test_all_parked_jobs_run_again(client: Client):
    for number in range(3):
        QueuedJob.objects.create(
            name="x.y", state=QueuedJob.State.PARKED, attempts=3, key=str(number), due_at=LONG_AGO, finished_at=LONG_AGO
        )
    assert "Run all again" in client.get("/administration/jobs/").content.decode()

    page = client.post("/administration/jobs/again/", follow=True).content.decode()

    assert "3 jobs run again." in page
    assert set(QueuedJob.objects.filter(name="x.y").values_list("state", "attempts")) == {("waiting", 0)}
