"""People are told in parts, once, and only those who may read it at that moment."""

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection, transaction

from coe_portal.announcements import actions
from coe_portal.announcements.actions import sending as module
from coe_portal.announcements.models import Announcement, Receipt, Sending
from coe_portal.announcements.queries.progress import progress
from coe_portal.core.jobs import find_job
from coe_portal.notifications.actions import notify
from coe_portal.notifications.models import ChatDestination, Notification
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import Audience, User
from tests.coe_portal.outbox.test_worker import start_worker, until  # noqa: F401 - a fixture
from tests.factories.announcements import AnnouncementFactory, ReceiptFactory
from tests.factories.people import AudienceFactory, PersonFactory, person_with, speaker_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART", 2)


def published(by: User, audience: Audience, **fields: object) -> Announcement:
    written = {"title": "Ask first", "text": "Ask the charge nurse.", "audience": audience, **fields}
    announcement = actions.save(by=by, announcement=Announcement(), fields=written, at=NOW)
    actions.publish(by=by, announcement=announcement, at=NOW)
    return Announcement.objects.get(pk=announcement.pk)


def run_jobs(at: datetime = NOW) -> int:
    """Every job that waits, as a worker would; returns how many parts there were."""
    number = 0
    while queued := QueuedJob.objects.waiting().filter(name="announcements.send_part").order_by("pk").first():
        actions.send_part(sending_id=queued.arguments["sending_id"], at=at)
        QueuedJob.objects.filter(pk=queued.pk).update(state=QueuedJob.State.DONE)
        number += 1
    return number


def told() -> list[int]:
    return list(Notification.objects.order_by("person").values_list("person", flat=True))


def a_statement_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def without_sweeps(true: Callable[[], bool], seconds: float = 60) -> bool:
    """A sweep would lock the jobs for as long as the transaction around it is open."""
    end = time.monotonic() + seconds
    while not (met := true()) and time.monotonic() < end:
        time.sleep(0.1)
    return met


def members(audience: Audience, number: int) -> list[User]:
    people = PersonFactory.create_batch(number)
    audience.people.add(*people)
    return people


@pytest.mark.usefixtures("parts_of_two")
def test_everybody_but_the_author_is_told_in_parts(strategist: User, everyone: Audience):
    people = members(everyone, 5)
    gone = PersonFactory(is_active=False)
    everyone.people.add(gone)
    published(strategist, everyone)

    assert run_jobs() == 3

    assert told() == sorted(person.pk for person in people)
    sending = Sending.objects.get()
    assert (sending.total, sending.told, sending.finished_at) == (5, 5, NOW)


@pytest.mark.usefixtures("parts_of_two")
def test_a_part_that_is_run_twice_tells_nobody_twice(strategist: User, everyone: Audience):
    members(everyone, 3)
    published(strategist, everyone)
    sending = Sending.objects.get()

    actions.send_part(sending_id=sending.pk, at=NOW)
    run_jobs()
    run_jobs()
    actions.send_part(sending_id=sending.pk, at=NOW)

    sending.refresh_from_db()
    assert (len(told()), sending.told) == (3, 3)


@pytest.mark.usefixtures("parts_of_two")
def test_withdrawn_in_between_it_stops(strategist: User, everyone: Audience):
    members(everyone, 5)
    announcement = published(strategist, everyone)
    sending = Sending.objects.get()
    actions.send_part(sending_id=sending.pk, at=NOW)

    actions.withdraw(by=strategist, announcement=announcement)
    run_jobs()

    sending.refresh_from_db()
    assert (len(told()), sending.told, sending.stopped_at) == (0, 2, NOW)
    assert sending.is_over


@pytest.mark.usefixtures("parts_of_two")
def test_expired_in_between_it_stops(strategist: User, everyone: Audience):
    members(everyone, 5)
    published(strategist, everyone, expires_at=NOW + timedelta(hours=1))
    actions.send_part(sending_id=Sending.objects.get().pk, at=NOW)

    run_jobs(at=NOW + timedelta(hours=2))

    assert len(told()) == 2


@pytest.mark.usefixtures("parts_of_two")
def test_who_left_the_audience_in_between_is_not_told_and_who_joined_is(strategist: User, everyone: Audience):
    people = sorted(members(everyone, 4), key=lambda person: person.pk)
    published(strategist, everyone)
    actions.send_part(sending_id=Sending.objects.get().pk, at=NOW)

    everyone.people.remove(people[3])
    (joined,) = members(everyone, 1)
    run_jobs()

    assert told() == sorted([people[0].pk, people[1].pk, people[2].pk, joined.pk])


def test_narrowed_in_between_only_the_new_audience_is_told(strategist: User, everyone: Audience):
    members(everyone, 3)
    announcement = published(strategist, everyone)
    narrow = AudienceFactory()
    (inside,) = members(narrow, 1)
    actions.save(by=strategist, announcement=announcement, fields={"audience": narrow}, at=NOW)

    run_jobs()

    assert told() == [inside.pk]


def test_each_is_told_in_their_language_and_way(strategist: User, everyone: Audience):
    english, spanish = person_with(), speaker_of("es")
    announcement = actions.save(
        by=strategist, announcement=Announcement(), at=NOW,
        fields={"title": "Ask first", "text": "Ask.", "audience": everyone, "mail": "now"},
        translations={"es": {"title": "Pregunte primero", "text": "Pregunte."}},
    )  # fmt: skip
    actions.publish(by=strategist, announcement=announcement, at=NOW)

    run_jobs()

    assert dict(Notification.objects.values_list("person", "subject")) == {
        english.pk: "Ask first",
        spanish.pk: "Pregunte primero",
    }
    assert set(Notification.objects.values_list("mail", "lead")) == {("now", "Ask."), ("now", "Pregunte.")}
    mailed = progress(Sending.objects.get()).mailed
    assert (mailed.at_once, mailed.at_once_sent, mailed.bundled, mailed.portal_only) == (2, 0, 0, 0)


def test_in_the_portal_only_nothing_is_mailed(strategist: User, everyone: Audience):
    members(everyone, 1)
    published(strategist, everyone, mail="none")

    run_jobs()

    assert Notification.objects.get().mail == "none"


def test_chosen_rooms_are_posted_to_once_and_only_those_that_take_announcements(strategist: User, everyone: Audience):
    taking = ChatDestination.objects.create(name="Nurses", service="x", host="x", secret="x", kinds=["announcement"])
    other = ChatDestination.objects.create(name="Board", service="x", host="x", secret="x", kinds=["policy"])
    announcement = actions.save(
        by=strategist, announcement=Announcement(), at=NOW,
        fields={"title": "Ask first", "text": "Ask.", "audience": everyone}, rooms=[taking, other],
    )  # fmt: skip
    actions.publish(by=strategist, announcement=announcement, at=NOW)

    run_jobs()

    post = QueuedJob.objects.get(name="notifications.post_to_chat")
    assert post.arguments["destination_id"] == taking.pk
    assert post.arguments["title"] == "Ask first"
    assert post.arguments["url"].startswith("http")


def test_a_reminder_goes_to_those_who_have_not_confirmed(strategist: User, everyone: Audience):
    done, open_one = person_with(), person_with()
    announcement = AnnouncementFactory(author=strategist, must_read=True, audience=everyone)
    ReceiptFactory(announcement=announcement, person=done, acknowledged_at=NOW)
    Receipt.objects.create(announcement=announcement, person=strategist, read_at=NOW, acknowledged_at=NOW)

    actions.remind(by=strategist, announcement=announcement, department_ids=None, at=NOW)
    run_jobs()

    assert list(Notification.objects.values_list("person", "subject")) == [
        (open_one.pk, f"Please confirm: {announcement.title}")
    ]


def test_a_stuck_part_is_shown(strategist: User, everyone: Audience):
    members(everyone, 1)
    published(strategist, everyone)
    sending = Sending.objects.get()
    assert not progress(sending).is_stuck

    QueuedJob.objects.filter(key=sending.job_key).update(state=QueuedJob.State.PARKED)

    assert progress(sending).is_stuck


def test_the_page_of_progress_is_for_strategists(strategist: User, employee: User, everyone: Audience, sign_in):
    members(everyone, 3)
    announcement = published(strategist, everyone)
    client = sign_in(strategist)

    waiting = client.get(f"/announcements/{announcement.pk}/sending/").content.decode()
    run_jobs()
    part = client.get(f"/announcements/{announcement.pk}/sending/", headers={"HX-Request": "true"}).content.decode()

    assert "0 of 4" in waiting
    assert "every 3s" in waiting
    assert "4 of 4" in part
    assert "every 3s" not in part
    assert sign_in(employee).get(f"/announcements/{announcement.pk}/sending/").status_code == 403


def test_the_job_is_one_transaction_with_the_note_that_it_is_done():
    import_module("coe_portal.announcements.tasks")

    assert find_job("announcements.send_part").atomic


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_goes_on_and_tells_nobody_twice(start_worker):  # noqa: F811
    everyone, _made = Audience.objects.get_or_create(is_everyone=True, defaults={"name": "Everyone"})
    author = PersonFactory()
    people = User.objects.bulk_create(
        [User(email=f"p{n}@example.org", name=f"Person {n}", password="!") for n in range(8_000)]
    )
    everyone.people.add(*people)
    announcement = AnnouncementFactory(author=author, audience=everyone, title="Ask first")
    sending = module.tell_of_publishing(by=author, announcement=announcement, at=NOW)
    with transaction.atomic():
        # As long as this is open, the part with the last person waits in the middle of its transaction.
        notify(person_ids=[people[-1].pk], kind=module.KIND, subject="", url="/", key=sending.told_as)
        worker = start_worker()
        assert without_sweeps(lambda: Sending.objects.get().told > 0)
        assert without_sweeps(a_statement_waits)

        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        transaction.set_rollback(True)
    assert Sending.objects.get().told == Notification.objects.count() < 8_000
    QueuedJob.objects.waiting().update(sent_at=None)
    start_worker()

    assert until(lambda: Sending.objects.get().finished_at is not None)
    sending.refresh_from_db()
    assert sending.told == sending.total == Notification.objects.count() == 8_000
    assert QueuedJob.objects.exclude(state=QueuedJob.State.DONE).filter(name="announcements.send_part").count() == 0
