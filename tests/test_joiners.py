"""Who joins an audience has its tasks on that day: a policy to sign, a course to take, each with its clock."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.contributions import open_obligations
from coe_portal.core.jobs import find_job
from coe_portal.notifications.models import Notification
from coe_portal.people import actions as people
from coe_portal.people.access import today
from coe_portal.people.models import Audience, Department, PastMember, User
from coe_portal.people.rules import rule_of
from tests.factories import policies
from tests.factories.people import AudienceFactory, DepartmentFactory, MembershipFactory, PersonFactory
from tests.factories.training import course_with
from tests.jobs import run_jobs
from training.actions import enrol
from training.models import Assignment, Enrolment

pytestmark = pytest.mark.django_db

TODAY = today()
MONTH_AGO = TODAY - timedelta(days=30)


@pytest.fixture
def ward() -> Department:
    return DepartmentFactory(name="Ward")


@pytest.fixture
def audience(ward: Department) -> Audience:
    return AudienceFactory(name="The ward", rule=rule_of(departments=[ward.pk]).as_data())


@pytest.fixture
def member(ward: Department, audience: Audience) -> User:
    """In the audience since long before anything was asked of it."""
    person = MembershipFactory(department=ward).person
    people.refresh_audiences(on=MONTH_AGO - timedelta(days=60), audiences=[audience])
    return person


@pytest.fixture
def asked(audience: Audience, member: User, strategist: User, approver: User) -> Assignment:
    """A month ago a policy was published for the audience, with 14 days to sign, and a course ordered."""
    at = timezone.make_aware(datetime.combine(MONTH_AGO, time(12)))
    policies.published(
        writer=strategist, approver=approver, audience=audience, slug="ward-rules", title="Ward rules", at=at,
        days_to_acknowledge=14,
    )  # fmt: skip
    order = enrol.assign(
        by=strategist, course=course_with("single", audience=audience), audience=audience, reason="For the ward",
        due_on=TODAY - timedelta(days=10), for_joiners=True, joiner_days=21,
    )  # fmt: skip
    enrol.carry_out(assignment=order, at=at)
    return order


def owed(person: User) -> dict[str, object]:
    return {each.kind: each.due for each in open_obligations([person.pk], TODAY)}


def test_a_mover_gets_the_tasks_of_the_new_place_with_time_to_do_them(
    asked: Assignment, ward: Department, administrator: User, member: User
):
    mover = PersonFactory()
    assert owed(mover) == {}

    people.join_department(by=administrator, person=mover, department=ward, starts=TODAY)
    run_jobs()

    assert sorted(each for each in owed(mover).values()) == [TODAY + timedelta(days=14), TODAY + timedelta(days=21)]
    assert sorted(owed(member).values()) == [MONTH_AGO + timedelta(days=14), TODAY - timedelta(days=10)]
    told = Notification.objects.filter(person=mover).values_list("subject", flat=True)
    assert sorted(told) == ["Please read and sign: Ward rules", f"You have a course to take: {asked.course.title}"]


def test_a_new_colleague_is_enrolled_by_the_run_of_the_morning(asked: Assignment, ward: Department, audience: Audience):
    person = MembershipFactory(department=ward, starts=TODAY, person__hired_on=TODAY).person

    people.refresh_audiences(on=TODAY, audiences=[audience])
    run_jobs()

    enrolment = Enrolment.objects.get(person=person)
    assert (enrolment.assignment, enrolment.reason, enrolment.due_on) == (
        asked, "For the ward", TODAY + timedelta(days=21),
    )  # fmt: skip


def test_jobs_run_twice_enrol_and_tell_once(asked: Assignment, ward: Department, audience: Audience):
    MembershipFactory(department=ward, starts=TODAY)
    people.refresh_audiences(on=TODAY, audiences=[audience])
    run_jobs()
    before = Enrolment.objects.count(), Notification.objects.count()

    find_job("training.enrol_joiners").handler(audience_id=audience.pk)
    find_job("policies.welcome").handler(audience_id=audience.pk, on=TODAY.isoformat())
    run_jobs()

    assert (Enrolment.objects.count(), Notification.objects.count()) == before


def test_an_order_that_does_not_stand_leaves_joiners_alone(asked: Assignment, ward: Department, audience: Audience):
    Assignment.objects.update(for_joiners=False)
    person = MembershipFactory(department=ward, starts=TODAY).person

    people.refresh_audiences(on=TODAY, audiences=[audience])
    run_jobs()

    assert not Enrolment.objects.filter(person=person).exists()


def test_who_was_taken_out_and_was_there_before_is_not_enrolled_again(
    asked: Assignment, member: User, audience: Audience
):
    Enrolment.objects.filter(person=member).update(withdrawn_at=timezone.now())

    find_job("training.enrol_joiners").handler(audience_id=audience.pk)

    assert Enrolment.objects.filter(person=member).count() == 1


def test_who_leaves_the_place_owes_nothing_there_any_more(
    asked: Assignment, member: User, administrator: User, audience: Audience
):
    people.leave_department(by=administrator, membership=member.memberships.get(), on=TODAY)

    assert owed(member) == {}
    assert PastMember.objects.get(person=member, audience=audience).left_on == TODAY


def test_the_order_page_offers_it(asked: Assignment, strategist: User, sign_in: Callable[[User], Client]):
    page = sign_in(strategist).get(f"/training/write/courses/{asked.course.slug}/enrol/")

    assert "for_joiners" in page.content.decode()
