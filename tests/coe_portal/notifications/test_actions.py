from datetime import UTC, datetime

import pytest
from django.core import mail

from coe_portal.notifications.actions import mail_person, mark_read, notify, queue_mail
from coe_portal.notifications.models import Notification
from coe_portal.notifications.queries import unread_count
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def tell(*people: User, key: str = "k", subject: str = "A policy is new") -> None:
    notify(person_ids=[each.pk for each in people], kind="policy", subject=subject, url="/policies/x/", key=key)


def queued() -> list[dict[str, int]]:
    return list(QueuedJob.objects.order_by("pk").values_list("arguments", flat=True))


def test_each_person_is_told_once_per_key(employee: User, strategist: User):
    tell(employee)
    tell(employee, strategist)
    tell(employee, key="another")

    assert Notification.objects.filter(person=employee).count() == 2
    assert Notification.objects.filter(person=strategist).count() == 1


def test_telling_takes_a_constant_number_of_queries(django_assert_num_queries):
    people = PersonFactory.create_batch(3)
    with django_assert_num_queries(3):
        tell(people[0], key="one")

    with django_assert_num_queries(3):
        tell(*people, key="three")


def test_one_mail_a_person_for_all_that_waits(employee: User):
    tell(employee, key="1", subject="First")
    tell(employee, key="2", subject="Second")

    queue_mail()
    queue_mail()

    newest = Notification.objects.latest("pk").pk
    assert queued() == [{"person_id": employee.pk, "up_to": newest}]


def test_a_mail_lists_everything_and_is_sent_once(employee: User, settings):
    settings.PUBLIC_URL = "https://portal.example"
    tell(employee, key="1", subject="First")
    tell(employee, key="2", subject="Second")
    newest = Notification.objects.latest("pk").pk

    mail_person(person_id=employee.pk, up_to=newest, at=NOW)
    mail_person(person_id=employee.pk, up_to=newest, at=NOW)

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([employee.email], "Center of Excellence: 2 new messages for you")
    assert "- First\n  https://portal.example/policies/x/" in sent.body
    assert '<a href="https://portal.example/policies/x/">Second</a>' in sent.alternatives[0].content


def test_a_single_message_is_the_subject(employee: User):
    tell(employee, subject="A policy is new")

    mail_person(person_id=employee.pk, up_to=Notification.objects.get().pk, at=NOW)

    assert mail.outbox[0].subject == "A policy is new"


def test_a_subject_cannot_add_a_header(employee: User):
    tell(employee, subject="New\nBcc: evil@elsewhere.example")

    mail_person(person_id=employee.pk, up_to=Notification.objects.get().pk, at=NOW)

    assert mail.outbox[0].recipients() == [employee.email]


def test_what_was_read_in_the_portal_is_not_mailed(employee: User):
    tell(employee)
    mark_read(person=employee, at=NOW)

    queue_mail()

    assert queued() == []


def test_nobody_who_has_left_gets_mail():
    gone = PersonFactory(is_active=False)
    tell(gone)

    queue_mail()
    mail_person(person_id=gone.pk, up_to=Notification.objects.get().pk, at=NOW)

    assert (queued(), mail.outbox) == ([], [])


def test_what_came_after_the_bundle_waits_for_the_next(employee: User):
    tell(employee, key="1")
    first = Notification.objects.get()
    tell(employee, key="2")

    mail_person(person_id=employee.pk, up_to=first.pk, at=NOW)

    assert list(Notification.objects.unmailed().values_list("key", flat=True)) == ["2"]


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_could_not_be_sent_stays_to_be_mailed(employee: User, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    tell(employee)

    with pytest.raises(OSError, match="refused"):
        mail_person(person_id=employee.pk, up_to=Notification.objects.get().pk, at=NOW)

    assert Notification.objects.unmailed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_unread_count_follows_and_costs_nothing_when_warm(employee: User, django_assert_num_queries):
    tell(employee, key="1")
    assert unread_count(employee) == 1

    with django_assert_num_queries(0):
        assert unread_count(employee) == 1

    mark_read(person=employee, at=NOW)
    assert unread_count(employee) == 0
