"""What the database counts and puts in order is what the apps say of each person, one by one."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from coe_portal.contributions import open_obligations, owed_by_everybody
from coe_portal.home import reminding, tasks
from coe_portal.notifications.models import Notification
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.access import Role
from coe_portal.people.models import Audience, RoleGrant, User
from tests.factories.announcements import AnnouncementFactory
from tests.factories.channels import ChannelFactory
from tests.factories.people import DepartmentFactory, MembershipFactory, person_with
from tests.factories.policies import AT, published
from tests.factories.training import EnrolmentFactory, course_with

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def rows_of(on: date) -> set[tuple[int, str, date | None, bool]]:
    owed = owed_by_everybody(on)
    with connection.cursor() as cursor:
        cursor.execute(owed.sql, owed.values)
        return set(cursor.fetchall())


def said_one_by_one(on: date) -> set[tuple[int, str, date | None, bool]]:
    people = list(User.objects.values_list("pk", flat=True))
    return {(each.person_id, each.kind, each.due, each.started) for each in open_obligations(people, on)}


@pytest.fixture
def people(everyone: Audience) -> list[User]:
    """Hired long ago, yesterday, and on a day nobody knows."""
    found = [person_with(name=name) for name in ("Anna", "Berta", "Clara")]
    for person, hired in zip(found, (TODAY - timedelta(days=999), TODAY - timedelta(days=1), None), strict=True):
        User.objects.filter(pk=person.pk).update(hired_on=hired)
    return found


def test_rows_are_what_is_said_of_each_person(people: list[User], strategist: User):
    from policies.actions.acknowledging import acknowledge

    version = published(writer=strategist, approver=person_with(Role.STRATEGIST), slug="social-media")
    acknowledge(by=people[0], version=version, address="192.0.2.1", user_agent="", at=AT)
    AnnouncementFactory(must_read=True, due_on=TODAY)
    AnnouncementFactory(must_read=True, due_on=None)
    begun, _fresh = (EnrolmentFactory(person=each, course=course_with(slug=f"c{each.pk}")) for each in people[:2])
    begun.lessons_done.create(lesson_slug="one", done_at=timezone.now())
    ChannelFactory(first_contact=people[0], validated_on=TODAY - timedelta(days=200))
    ChannelFactory(first_contact=None, second_contact=people[1], validated_on=None)

    rows = rows_of(TODAY)

    assert rows == said_one_by_one(TODAY)
    assert {kind for _person, kind, _due, _started in rows} == {"policy", "announcement", "training.course", "channel"}


def test_with_nothing_published_nothing_is_owed(people: list[User]):
    assert rows_of(TODAY) == said_one_by_one(TODAY) == set()


class TestManyReminders:
    @pytest.fixture
    def branch(self, people: list[User], monkeypatch: pytest.MonkeyPatch):
        hospital = DepartmentFactory(name="Hospital")
        for person in people:
            MembershipFactory(person=person, department=hospital)
        AnnouncementFactory(must_read=True, due_on=TODAY)
        monkeypatch.setattr("coe_portal.home.views.departments.AT_ONCE", 2)
        monkeypatch.setattr("coe_portal.home.reminding.AT_ONCE", 2)
        return hospital

    def asked(self, sign_in, coordinator: User, branch) -> QueuedJob:
        page = sign_in(coordinator).post(reverse("home:remind", args=[branch.pk]), {"name": "a"}, follow=True)
        assert "3 people are being reminded." in page.content.decode()
        return QueuedJob.objects.get(name="home.remind_branch")

    def test_are_sent_by_a_job_once(self, branch, people: list[User], sign_in):
        queued = self.asked(sign_in, person_with(Role.COORDINATOR, branch=branch), branch)
        assert not Notification.objects.exists()

        for _again in range(2):
            tasks.remind_branch(**queued.arguments)

        assert sorted(each.person.name for each in Notification.objects.all()) == ["Anna", "Berta", "Clara"]

    def test_are_not_sent_for_who_coordinates_no_more(self, branch, people: list[User], sign_in):
        coordinator = person_with(Role.COORDINATOR, branch=branch)
        queued = self.asked(sign_in, coordinator, branch)
        RoleGrant.objects.filter(person=coordinator).delete()
        now: datetime = timezone.now()

        again = User.objects.get(pk=coordinator.pk)
        told = reminding.remind_branch(by=again, department=branch, filters="", on=TODAY, at=now)

        assert (told, Notification.objects.count(), queued.arguments["filters"]) == (0, 0, "name=a")
