"""Enrolling an audience: what the preview says is what the job does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.models import Notification
from coe_portal.outbox.models import QueuedJob
from tests.factories.people import AudienceFactory, DepartmentFactory, MembershipFactory, person_with
from tests.factories.training import NOON, TODAY, EnrolmentFactory, completion_of, course_with, everyone
from training import tasks
from training.actions.complete import revoke
from training.actions.enrol import assign, carry_out
from training.models import Assignment, Enrolment
from training.queries.assigning import Reach, reach_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return course_with("single")


@pytest.fixture
def people():
    found = [person_with(name=f"Nurse {number}") for number in range(5)]
    ward = DepartmentFactory(name="Ward")
    for person in found:
        MembershipFactory(person=person, department=ward)
    return found


@pytest.fixture
def audience(people):
    audience = AudienceFactory()
    audience.people.set(people)
    return audience


def ordered(strategist, course, audience, due_on=None):
    return assign(by=strategist, course=course, audience=audience, reason="New rule", due_on=due_on)


def test_the_order_is_a_job_with_its_reason(strategist, course, audience):
    assignment = ordered(strategist, course, audience)

    assert QueuedJob.objects.get().arguments == {"assignment_id": assignment.pk}
    assert AuditEntry.objects.filter(verb="training.assign", actor=strategist).count() == 1


def test_everybody_in_the_audience_is_enrolled_with_the_reason_and_told_once(strategist, course, audience, people):
    assignment = ordered(strategist, course, audience, TODAY + timedelta(days=30))

    for _ in range(2):
        tasks.carry_out(assignment.pk)
        tasks.tell_enrolled(assignment.pk)

    assert set(Enrolment.objects.values_list("person", "reason", "source", "due_on")) == {
        (person.pk, "New rule", "assigned", TODAY + timedelta(days=30)) for person in people
    }
    assert Notification.objects.count() == 5
    assert Assignment.objects.get().enrolled == 5


def test_who_is_left_out_and_why(strategist, course, audience, people):
    enrolled, proven, outside, inactive, hit = people
    EnrolmentFactory(person=enrolled, course=course)
    completion_of(proven, course)
    everyone().people.remove(outside)
    inactive.is_active = False
    inactive.save()

    reach = reach_of(course, audience, None, TODAY)
    carry_out(assignment=ordered(strategist, course, audience), at=NOON)

    assert reach == Reach(members=4, outside=1, enrolled=1, proven=1, hit=1, departments=(("Ward", 1),))
    assert list(Enrolment.objects.filter(source="assigned").values_list("person", flat=True)) == [hit.pk]


@pytest.mark.parametrize(("due_in", "hit"), [(10, 0), (50, 1)])
def test_a_certificate_counts_when_it_outlasts_the_due_date(strategist, course, due_in, hit):
    person = person_with()
    completion_of(person, course, valid_until=TODAY + timedelta(days=30))
    audience = AudienceFactory()
    audience.people.add(person)
    due_on = TODAY + timedelta(days=due_in)

    assert reach_of(course, audience, due_on, TODAY).hit == hit
    assert carry_out(assignment=ordered(strategist, course, audience, due_on), at=NOON) == hit


def test_a_revoked_certificate_does_not_count(strategist, course, people, audience):
    certificate = completion_of(people[0], course).certificate
    revoke(by=strategist, certificate=certificate, because="Mistake", at=NOON)

    assert carry_out(assignment=ordered(strategist, course, audience), at=NOON) == 5


def test_the_page_shows_whom_it_hits_before_anything_happens(strategist, course, audience, sign_in):
    client = sign_in(strategist)
    url = reverse("training:assign", args=["privacy"])
    asked = {"audience": audience.pk, "reason": "New rule", "due_on": ""}

    assert client.get(url, asked).context["reach"].hit == 5
    assert Assignment.objects.count() == 0

    client.post(url, asked)
    assert Assignment.objects.get().reason == "New rule"


def test_an_order_needs_a_reason(strategist, course, audience, sign_in):
    response = sign_in(strategist).post(reverse("training:assign", args=["privacy"]), {"audience": audience.pk})

    assert set(response.context["form"].errors) == {"reason"}
    assert Assignment.objects.count() == 0
