"""The coordinator's view: the own branch and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.models import Notification
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.access import Role
from tests.factories.people import DepartmentFactory, MembershipFactory, RoleGrantFactory, person_with
from tests.factories.training import (
    NOON,
    EnrolmentFactory,
    answer_all,
    attempt_at,
    completion_of,
    course_with,
)
from training import tasks
from training.actions.enrol import withdraw
from training.actions.quizzes import submit
from training.models import Enrolment
from training.queries.team import Filters, Show, by_department, enrolments_overseen

pytestmark = pytest.mark.django_db

TEAM = "/training/team/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ward():
    return DepartmentFactory(name="Ward", parent=DepartmentFactory(name="Hospital"))


@pytest.fixture
def elsewhere():
    return DepartmentFactory(name="Elsewhere")


@pytest.fixture
def coordinator(ward):
    return person_with(Role.COORDINATOR, branch=ward.parent)


@pytest.fixture
def course():
    return course_with("single")


def member(department, name="Nurse"):
    person = person_with(name=name)
    MembershipFactory(person=person, department=department)
    return person


def enrolled(department, course, due_on=None, **fields):
    return EnrolmentFactory(person=member(department), course=course, due_on=due_on, **fields)


@pytest.mark.parametrize(
    ("show", "expected"),
    [(Show.OVERDUE, ["late"]), (Show.SOON, ["soon"]), (Show.OPEN, ["late", "later", "soon"])],
)
def test_what_is_shown_by_due_date(coordinator, ward, course, today, show, expected):
    found = {
        "late": enrolled(ward, course, today - timedelta(days=1)),
        "soon": enrolled(ward, course, today + timedelta(days=30)),
        "later": enrolled(ward, course, today + timedelta(days=31)),
    }

    shown = set(enrolments_overseen(coordinator, Filters(show=show), today))

    assert sorted(name for name, each in found.items() if each in shown) == expected


def test_a_coordinator_sees_the_branch_and_nothing_beside(coordinator, ward, elsewhere, course, today):
    mine = enrolled(ward, course)
    enrolled(elsewhere, course)

    assert list(enrolments_overseen(coordinator, Filters(show=Show.OPEN), today)) == [mine]


def test_asking_for_a_department_of_another_branch_finds_nothing(coordinator, ward, elsewhere, course, today):
    enrolled(elsewhere, course)

    filters = Filters(show=Show.OPEN, department_id=elsewhere.pk)

    assert list(enrolments_overseen(coordinator, filters, today)) == []


def test_a_department_includes_those_below_it(strategist, ward, course, today):
    below = enrolled(ward, course)

    filters = Filters(show=Show.OPEN, department_id=ward.parent.pk)

    assert list(enrolments_overseen(strategist, filters, today)) == [below]


@pytest.mark.parametrize("url", [TEAM, TEAM + "export.csv", TEAM + "export.xlsx"], ids=["page", "csv", "xlsx"])
def test_nobody_else_sees_the_team(employee, executive, sign_in, url):
    for person in (employee, executive):
        assert sign_in(person).get(url).status_code == 404


def test_nobody_else_reminds(employee, sign_in):
    assert sign_in(employee).post(TEAM + "remind/", {}).status_code == 404


def test_an_enrolment_of_another_branch_is_not_there(coordinator, elsewhere, course, sign_in):
    theirs = enrolled(elsewhere, course)

    assert sign_in(coordinator).get(reverse("training:enrolment", args=[theirs.pk])).status_code == 404


def test_a_coordinator_sees_scores_but_changes_nothing(coordinator, ward, course, sign_in):
    mine = enrolled(ward, course)
    attempt = attempt_at(course, mine.person)
    answer_all(attempt, right=False)
    submit(by=mine.person, attempt=attempt, at=NOON)
    client = sign_in(coordinator)

    assert client.get(reverse("training:enrolment", args=[mine.pk])).context["attempts"][0].score == 0
    for name in ("allow_attempt", "end"):
        assert client.post(reverse(f"training:{name}", args=[mine.pk])).status_code == 404


def test_a_strategist_allows_another_attempt(strategist, ward, course, sign_in):
    theirs = enrolled(ward, course)

    sign_in(strategist).post(reverse("training:allow_attempt", args=[theirs.pk]))

    theirs.refresh_from_db()
    assert theirs.extra_attempts == 1
    assert Notification.objects.get().person == theirs.person


def test_a_course_taken_off_the_list_stays_on_record(strategist, ward, course):
    theirs = enrolled(ward, course)

    withdraw(by=strategist, enrolment=theirs, at=NOON)
    withdraw(by=strategist, enrolment=theirs, at=NOON)

    assert (Enrolment.objects.count(), Enrolment.objects.open().count()) == (1, 0)
    assert AuditEntry.objects.filter(verb="training.withdraw").count() == 1


def test_one_button_reminds_everybody_who_is_shown_once_a_day(coordinator, ward, elsewhere, course, today, sign_in):
    late = enrolled(ward, course, today - timedelta(days=3))
    enrolled(elsewhere, course, today - timedelta(days=3))
    client = sign_in(coordinator)

    for _ in range(2):
        client.post(TEAM + "remind/", {"show": "overdue"})
    for job in QueuedJob.objects.filter(name="training.send_reminders"):
        tasks.send_reminders(**job.arguments)

    assert list(Notification.objects.values_list("person", "kind")) == [(late.person_id, "training.reminder")]


def test_who_lost_the_role_reminds_nobody(coordinator, ward, course, today, sign_in):
    enrolled(ward, course, today - timedelta(days=3))
    sign_in(coordinator).post(TEAM + "remind/", {"show": "overdue"})
    coordinator.role_grants.update(ends=today)

    tasks.send_reminders(**QueuedJob.objects.get().arguments)

    assert Notification.objects.count() == 0


def test_departments_with_their_counts(coordinator, ward, elsewhere, course, today):
    enrolled(ward, course, today - timedelta(days=1))
    completion_of(member(ward), course)
    enrolled(elsewhere, course)

    [row] = by_department(coordinator, None, today)

    assert (row.name, row.enrolled, row.completed, row.overdue, row.per_cent) == ("Ward", 2, 1, 1, 50)


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_asks_a_constant_number_of_queries(
    coordinator, ward, course, today, sign_in, django_assert_num_queries, people
):
    for _ in range(people):
        enrolled(ward, course, today - timedelta(days=1))
    client = sign_in(coordinator)
    client.get(TEAM)

    with django_assert_num_queries(6):
        client.get(TEAM)


def test_the_list_pages_by_key(coordinator, ward, course, today, sign_in):
    for days in range(1, 33):
        enrolled(ward, course, today - timedelta(days=days))
    client = sign_in(coordinator)

    first = client.get(TEAM)
    second = client.get(first.context["page"].older_url)

    assert (len(first.context["rows"]), len(second.context["rows"])) == (30, 2)


def test_the_export_holds_everything_that_is_shown(coordinator, ward, elsewhere, course, today, sign_in):
    enrolled(ward, course, today - timedelta(days=1), reason="=HYPERLINK()")
    enrolled(elsewhere, course, today - timedelta(days=1))

    response = sign_in(coordinator).get(TEAM + "export.csv?show=overdue")

    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[1:] == [f"Nurse,Ward,About privacy,'=HYPERLINK(),{today - timedelta(days=1)},,"]


def test_a_role_that_has_ended_shows_nothing(ward, course, today, sign_in):
    person = person_with()
    RoleGrantFactory(person=person, role=Role.COORDINATOR, branch=ward, ends=today)

    assert sign_in(person).get(TEAM).status_code == 404
