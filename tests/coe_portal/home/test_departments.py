"""The coordinator's page, its export and its reminders, and a manager's page."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from coe_portal.announcements import actions as announcements
from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.models import Notification
from coe_portal.people.access import Role
from coe_portal.people.models import Department, User
from coe_portal.reminders.models import Reminder
from tests.factories.announcements import AnnouncementFactory
from tests.factories.people import DepartmentFactory, MembershipFactory, person_with
from tests.factories.training import EnrolmentFactory, course_with

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def hospital() -> Department:
    return DepartmentFactory(name="Hospital", code="H")


@pytest.fixture
def ward(hospital: Department) -> Department:
    return DepartmentFactory(name="Ward", parent=hospital)


@pytest.fixture
def coordinator(hospital: Department) -> User:
    return person_with(Role.COORDINATOR, branch=hospital, name="Marcus Bell")


@pytest.fixture
def client(coordinator: User, sign_in: SignIn) -> Client:
    return sign_in(coordinator)


def member(department: Department, name: str) -> User:
    person = person_with(name=name)
    MembershipFactory(person=person, department=department)
    return person


def owed(due: date | None = YESTERDAY, title: str = "Ask first") -> None:
    AnnouncementFactory(title=title, must_read=True, due_on=due)


def shown(client: Client, department: Department, **chosen: object) -> list[User]:
    return [row.person for row in client.get(f"/departments/{department.pk}/", chosen).context["page"].rows]


def test_a_coordinator_sees_who_owes_what_in_the_branch(hospital: Department, ward: Department, client: Client):
    rosa = member(ward, "Rosa Delgado")
    member(DepartmentFactory(), "Elsewhere Person")
    owed()

    context = client.get(f"/departments/{hospital.pk}/").context

    branch = context["branch"]
    (row,) = context["page"].rows
    assert (row.person, row.department, [each.title for each in row.obligations]) == (rosa, "Ward", ["Ask first"])
    assert (branch.people, branch.owing, branch.overdue) == (1, 1, 1)


@pytest.mark.parametrize("path", ["", "export/", "remind/"])
def test_another_branch_is_as_if_it_never_was(path: str, client: Client):
    other = DepartmentFactory()

    assert client.get(f"/departments/{other.pk}/{path}").status_code == 404
    assert client.post(f"/departments/{other.pk}/remind/").status_code == 404
    assert client.get(f"/departments/999999/{path}").status_code == 404


@pytest.mark.parametrize("role", ["employee", "strategist", "executive", "administrator"])
def test_who_coordinates_nothing_has_no_departments(role: str, request, hospital: Department, sign_in: SignIn):
    client = sign_in(request.getfixturevalue(role))

    assert client.get("/departments/").status_code == 404
    assert client.get(f"/departments/{hospital.pk}/").status_code == 404


@pytest.mark.parametrize("query", ["", "?sort=due", "?show=never&kind=announcement"])
def test_the_page_takes_a_constant_number_of_queries(
    query: str, hospital: Department, client: Client, django_assert_num_queries, django_assert_max_num_queries
):
    member(hospital, "A")
    owed()
    client.get(f"/departments/{hospital.pk}/{query}")
    with django_assert_max_num_queries(40) as one:
        client.get(f"/departments/{hospital.pk}/{query}")
    member(hospital, "B")
    member(hospital, "C")

    with django_assert_num_queries(len(one)):
        client.get(f"/departments/{hospital.pk}/{query}")


class TestFilters:
    def test_by_state_and_name(self, hospital: Department, client: Client):
        rosa, anna = member(hospital, "Rosa"), member(hospital, "Anna")
        late = AnnouncementFactory(must_read=True, due_on=YESTERDAY)
        announcements.acknowledge(by=anna, announcement=late, at=timezone.now())

        assert shown(client, hospital, show="overdue") == [rosa]
        assert shown(client, hospital, show="soon") == []
        assert shown(client, hospital, show="everybody") == [anna, rosa]
        assert shown(client, hospital, show="everybody", name="ANN") == [anna]

    def test_due_in_thirty_days(self, hospital: Department, client: Client):
        rosa = member(hospital, "Rosa")
        owed(TODAY + timedelta(days=31))
        assert shown(client, hospital, show="soon") == []

        owed(TODAY + timedelta(days=30))

        assert shown(client, hospital, show="soon") == [rosa]

    def test_what_was_not_started(self, hospital: Department, client: Client):
        rosa, anna = member(hospital, "Rosa"), member(hospital, "Anna")
        course = course_with()
        EnrolmentFactory(person=rosa, course=course)
        EnrolmentFactory(person=anna, course=course).lessons_done.create(lesson_slug="one", done_at=timezone.now())

        assert shown(client, hospital, show="never") == [rosa]

    def test_by_kind(self, hospital: Department, client: Client):
        rosa, anna = member(hospital, "Rosa"), member(hospital, "Anna")
        EnrolmentFactory(person=anna, course=course_with())
        owed()

        assert shown(client, hospital, kind="training.course") == [anna]
        assert shown(client, hospital, kind="announcement") == [anna, rosa]

    def test_by_a_department_below(self, hospital: Department, ward: Department, client: Client):
        rosa = member(ward, "Rosa")
        member(hospital, "Anna")
        owed()

        assert shown(client, hospital, below=ward.pk) == [rosa]

    def test_a_department_elsewhere_shows_nothing_of_it(self, hospital: Department, client: Client):
        anna = member(hospital, "Anna")
        elsewhere = DepartmentFactory()
        member(elsewhere, "Stranger")
        owed()

        assert shown(client, hospital, below=elsewhere.pk) == [anna]

    @pytest.mark.parametrize("query", ["show=x&sort=y&below=z&kind=w&after=v", "below=99999999999999999999&after=-1"])
    def test_an_address_written_by_hand_shows_the_page(self, query: str, hospital: Department, client: Client):
        assert client.get(f"/departments/{hospital.pk}/?{query}").status_code == 200


class TestOrder:
    @pytest.fixture
    def people(self, hospital: Department) -> list[User]:
        people = [member(hospital, name) for name in ["Anna", "Berta", "Clara"]]
        late = AnnouncementFactory(must_read=True, due_on=TODAY - timedelta(days=9))
        for each in people[:2]:
            announcements.acknowledge(by=each, announcement=late, at=timezone.now())
        owed(TODAY + timedelta(days=5))
        return people

    def test_by_name_by_date_and_by_number(self, people: list[User], hospital: Department, client: Client):
        anna, berta, clara = people

        assert shown(client, hospital) == [anna, berta, clara]
        assert shown(client, hospital, sort="due") == [clara, anna, berta]
        assert shown(client, hospital, sort="most") == [clara, anna, berta]

    @pytest.mark.parametrize("sort", ["name", "due", "most"])
    def test_pages_go_through_everybody_once(
        self, sort: str, people: list[User], hospital: Department, client: Client, monkeypatch
    ):
        monkeypatch.setattr("coe_portal.home.branch.PAGE", 1)
        whole = shown(client, hospital, sort=sort)
        seen, address = (
            whole[:1],
            client.get(f"/departments/{hospital.pk}/", {"sort": sort}).context["page"].older_query,
        )
        while address:
            page = client.get(f"/departments/{hospital.pk}/?{address}").context["page"]
            seen += [row.person for row in page.rows]
            address = page.older_query

        assert seen == sorted(people, key=lambda each: (sort != "name" and each != people[2], each.name))


class TestRemind:
    def test_it_says_whom_it_reaches_before_it_does(self, hospital: Department, client: Client):
        member(hospital, "Rosa")
        member(hospital, "Anna")
        owed()

        page = client.get(f"/departments/{hospital.pk}/remind/").content.decode()

        assert "Remind 2 people?" in page
        assert "Anna, Rosa" in page
        assert not Notification.objects.exists()

    def test_each_person_once_a_day(self, hospital: Department, coordinator: User, client: Client):
        rosa = member(hospital, "Rosa")
        owed()

        client.post(f"/departments/{hospital.pk}/remind/")
        assert "1 of them has been reminded today" in client.get(f"/departments/{hospital.pk}/remind/").content.decode()
        client.post(f"/departments/{hospital.pk}/remind/")

        told = Notification.objects.get()
        assert (told.person, told.kind, told.url) == (rosa, "reminders.asked", "/my/")
        assert told.subject == "Marcus Bell asks you to look at what is still open for you"
        assert Reminder.objects.get().by == coordinator
        entries = AuditEntry.objects.filter(verb="department.reminded", actor=coordinator).order_by("pk")
        assert [each.details for each in entries] == [{"people": 1, "asked": 1}, {"people": 0, "asked": 1}]

    def test_only_those_who_were_ticked(self, hospital: Department, client: Client):
        rosa = member(hospital, "Rosa")
        member(hospital, "Anna")
        owed()
        chosen = {"chosen": "1", "person": [rosa.pk]}
        assert "Remind 1 person?" in client.get(f"/departments/{hospital.pk}/remind/", chosen).content.decode()

        client.post(f"/departments/{hospital.pk}/remind/", chosen)

        assert [each.person for each in Notification.objects.all()] == [rosa]

    def test_somebody_of_another_branch_cannot_be_ticked(self, hospital: Department, client: Client):
        stranger = member(DepartmentFactory(), "Stranger")
        member(hospital, "Rosa")
        owed()

        client.post(f"/departments/{hospital.pk}/remind/", {"chosen": "1", "person": [stranger.pk]})

        assert not Notification.objects.exists()

    def test_nobody_ticked_reminds_nobody(self, hospital: Department, client: Client):
        member(hospital, "Rosa")
        owed()

        page = client.get(f"/departments/{hospital.pk}/remind/", {"chosen": "1"}).content.decode()

        assert "You ticked nobody" in page

    def test_only_those_whom_the_filter_leaves_and_who_owe(self, hospital: Department, client: Client):
        rosa, anna = member(hospital, "Rosa"), member(hospital, "Anna")
        late = AnnouncementFactory(must_read=True, due_on=YESTERDAY)
        announcements.acknowledge(by=anna, announcement=late, at=timezone.now())

        client.post(f"/departments/{hospital.pk}/remind/", {"show": "everybody"})

        assert [each.person for each in Notification.objects.all()] == [rosa]

    def test_the_page_says_when_they_were_reminded(self, hospital: Department, client: Client):
        member(hospital, "Rosa")
        owed()
        client.post(f"/departments/{hospital.pk}/remind/")

        (row,) = client.get(f"/departments/{hospital.pk}/").context["page"].rows

        assert timezone.localdate(row.reminded) == TODAY


class TestExport:
    def test_a_line_an_obligation(self, hospital: Department, client: Client):
        member(hospital, "=Rosa")
        owed()

        response = client.get(f"/departments/{hospital.pk}/export/")

        lines = b"".join(response.streaming_content).decode().splitlines()
        assert len(lines) == 2
        assert lines[1].startswith("'=Rosa,")
        assert lines[1].endswith(",Announcement to confirm,Ask first," + YESTERDAY.isoformat() + ",yes,")

    def test_only_what_the_filter_shows_as_a_workbook(self, hospital: Department, client: Client):
        member(hospital, "Rosa")
        member(hospital, "Anna")
        owed()

        response = client.get(f"/departments/{hospital.pk}/export/", {"form": "xlsx", "name": "ros"})

        rows = list(load_workbook(BytesIO(b"".join(response.streaming_content))).active.values)
        assert [row[0] for row in rows] == ["Name", "Rosa"]


class TestTeam:
    def test_a_manager_sees_what_is_mandatory_and_past_due(self, employee: User, sign_in: SignIn):
        rosa, anna = person_with(name="Rosa D"), person_with(name="Anna B")
        User.objects.filter(pk__in=[rosa.pk, anna.pk]).update(manager=employee)
        late = AnnouncementFactory(title="Late", must_read=True, due_on=YESTERDAY)
        announcements.acknowledge(by=anna, announcement=late, at=timezone.now())
        owed(TODAY + timedelta(days=3), "Not yet")

        context = sign_in(employee).get("/my/team/").context

        assert [(person, [each.title for each in owes]) for person, owes in context["late"]] == [(rosa, ["Late"])]
        assert context["people"] == 2

    def test_who_manages_nobody_has_no_such_page(self, employee: User, sign_in: SignIn):
        assert sign_in(employee).get("/my/team/").status_code == 404
