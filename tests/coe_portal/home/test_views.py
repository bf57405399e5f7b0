from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.announcements import actions as announcements
from coe_portal.audit.models import AuditEntry
from coe_portal.outbox.models import QueuedJob
from coe_portal.people import cache as people
from coe_portal.people.access import Role
from coe_portal.people.models import User
from tests.factories.announcements import AnnouncementFactory
from tests.factories.people import PersonFactory, person_with

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
TODAY = timezone.localdate()


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_home_shows_what_is_yours_and_what_is_new(employee: User, sign_in: SignIn):
    AnnouncementFactory(title="Ask first", must_read=True)
    AnnouncementFactory(title="Nurses Week")

    page = text(sign_in(employee), "/")

    assert "Read and confirm" in page
    assert "Nurses Week" in page


def test_home_of_somebody_without_obligations_says_so(employee: User, sign_in: SignIn):
    assert "Nothing is waiting for you" in text(sign_in(employee), "/")


@pytest.mark.django_db(transaction=True)
def test_a_warm_home_needs_no_query(sign_in: SignIn, django_assert_num_queries):
    person = person_with()
    AnnouncementFactory.create_batch(3, must_read=True)
    client = sign_in(person)
    client.get("/")
    client.cookies.clear()
    client = sign_in(person)
    forget_the_forgetting(person)
    client.get("/")
    client.get("/")

    with django_assert_num_queries(0):
        client.get("/")


def forget_the_forgetting(person: User) -> None:
    """As some seconds after signing in."""
    people.cache.delete(people._key(person.pk))


@pytest.mark.django_db(transaction=True)
def test_home_follows_what_is_published(sign_in: SignIn):
    author, person = person_with(Role.STRATEGIST), person_with()
    client = sign_in(person)
    announcement = AnnouncementFactory(title="Ask first", draft=True)
    assert "Ask first" not in text(client, "/")

    announcements.publish(by=author, announcement=announcement, at=timezone.now())

    assert "Ask first" in text(client, "/")


@pytest.mark.django_db(transaction=True)
def test_home_follows_what_its_reader_has_done(sign_in: SignIn):
    person = person_with()
    client = sign_in(person)
    announcement = AnnouncementFactory(title="Ask first", must_read=True)
    assert "Read and confirm" in text(client, "/")

    announcements.acknowledge(by=person, announcement=announcement, at=timezone.now())

    assert "Read and confirm" not in text(client, "/")


def test_nothing_of_one_home_is_in_another(employee: User, strategist: User, sign_in: SignIn):
    announcement = AnnouncementFactory(title="Ask first", must_read=True)
    mine = text(sign_in(employee), "/")

    announcements.acknowledge(by=strategist, announcement=announcement, at=timezone.now())

    assert "Read and confirm" in mine
    assert "Read and confirm" not in text(sign_in(strategist), "/")


def test_my_obligations_are_grouped_by_when_they_are_due(employee: User, sign_in: SignIn):
    for title, due in [
        ("Late", TODAY - timedelta(days=1)),
        ("Today", TODAY),
        ("Soon", TODAY + timedelta(days=7)),
        ("Later", TODAY + timedelta(days=8)),
        ("Whenever", None),
    ]:
        AnnouncementFactory(title=title, must_read=True, due_on=due)

    groups = sign_in(employee).get("/my/").context["groups"]

    assert [(group.key, [each.title for each in group.obligations]) for group in groups] == [
        ("overdue", ["Late"]),
        ("soon", ["Today", "Soon"]),
        ("later", ["Later"]),
        ("undated", ["Whenever"]),
    ]


def test_a_person_page_shows_roles_to_strategists_and_administrators_alone(
    employee: User, strategist: User, administrator: User, sign_in: SignIn
):
    path = f"/people/{strategist.pk}/"

    assert "Strategist" not in text(sign_in(employee), path)
    assert "Strategist" in text(sign_in(strategist), path)
    assert "Strategist" in text(sign_in(administrator), path)


def test_somebody_who_has_left_has_no_page(employee: User, sign_in: SignIn):
    assert sign_in(employee).get(f"/people/{PersonFactory(is_active=False).pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_language_and_time_zone_are_chosen(sign_in: SignIn):
    employee = person_with()
    client = sign_in(employee)

    client.post("/my/account/", {"language": "es", "time_zone": "America/Chicago"})

    employee.refresh_from_db()
    assert (employee.language, employee.time_zone) == ("es", "America/Chicago")
    assert client.get("/my/account/").headers["Content-Language"] == "es"


def test_a_time_zone_that_is_none_is_refused(employee: User, sign_in: SignIn):
    response = sign_in(employee).post("/my/account/", {"language": "en", "time_zone": "Mars/Olympus"})

    assert "time_zone" in response.context["form"].errors


def test_jobs_show_what_is_parked_and_run_it_again(administrator: User, sign_in: SignIn):
    job = QueuedJob.objects.create(
        name="some.job", state="parked", attempts=3, error="ValueError: no", due_at=timezone.now(),
        finished_at=timezone.now(),
    )  # fmt: skip
    client = sign_in(administrator)
    assert "ValueError: no" in text(client, "/administration/jobs/")

    client.post(f"/administration/jobs/{job.pk}/again/")

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 0)
    assert AuditEntry.objects.get().verb == "job.run_again"


def test_only_administrators_see_jobs(privacy_officer: User, sign_in: SignIn):
    client = sign_in(privacy_officer)

    assert client.get("/administration/jobs/").status_code == 403
    assert client.post("/administration/jobs/1/again/").status_code == 403
    assert client.get("/administration/").status_code == 200
