"""Reminders in stages, each once, and escalation up the line, over real obligations."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from coe_portal.announcements import actions as announcements
from coe_portal.announcements.models import Announcement, Receipt
from coe_portal.audit.models import AuditEntry
from coe_portal.channels.models import Channel
from coe_portal.notifications.actions import queue_digests, send_mail
from coe_portal.notifications.models import Notification
from coe_portal.people.access import Role
from coe_portal.people.models import Department, User
from coe_portal.reminders import queries
from coe_portal.reminders.actions import remind_everybody, remind_people, set_thresholds
from coe_portal.reminders.models import Reminder, Thresholds
from tests.coe_portal.outbox.test_running import in_threads
from tests.factories.announcements import AnnouncementFactory
from tests.factories.people import DepartmentFactory, MembershipFactory, RoleGrantFactory, person_with

pytestmark = pytest.mark.django_db

DUE = date(2026, 6, 1)
MORNING = datetime(2026, 5, 26, 15, tzinfo=UTC)


def run(days_before: int) -> int:
    day = DUE - timedelta(days=days_before)
    return remind_everybody(on=day, at=datetime(day.year, day.month, day.day, 6, tzinfo=UTC))


def mailed() -> list[str]:
    """To whom the daily mail of the last morning goes."""
    Notification.objects.update(created_at=MORNING - timedelta(hours=9))
    with time_machine.travel(MORNING, tick=False):
        queue_digests(at=MORNING)
        send_mail(seconds=30)
    return [each.to[0] for each in mail.outbox]


def subjects(person: User) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("subject", flat=True))


@pytest.fixture
def _duty() -> None:
    AnnouncementFactory(title="Ask first", must_read=True, due_on=DUE)


@pytest.mark.usefixtures("_duty")
class TestStages:
    def test_each_stage_comes_once(self, employee: User):
        for days_before in [100, 90, 89, 60, 45, 30, 7, 6, 0, -1, -7, -8, -14]:
            run(days_before)

        assert subjects(employee) == [
            "Ask first: due in 90 days",
            "Ask first: due in 60 days",
            "Ask first: due in 30 days",
            "Ask first: due in 7 days",
            "Ask first: due today",
            "Ask first: 7 days past due",
            "Ask first: 14 days past due",
        ]

    def test_what_is_put_off_is_reminded_of_by_its_new_date(self, employee: User):
        run(7)
        Announcement.objects.update(due_on=DUE + timedelta(days=20))

        run(7)
        run(6)

        assert subjects(employee) == ["Ask first: due in 7 days", "Ask first: due in 27 days"]

    def test_whoever_comes_late_gets_the_nearest_alone(self, employee: User):
        assert run(5) == 1

        assert subjects(employee) == ["Ask first: due in 5 days"]

    def test_a_clock_that_stood_still_makes_one_reminder_not_many(self, employee: User):
        run(31)
        run(5)

        assert subjects(employee) == ["Ask first: due in 31 days", "Ask first: due in 5 days"]

    def test_what_was_done_is_not_reminded_of(self, employee: User):
        run(30)
        about = AnnouncementFactory._meta.model.objects.get()
        announcements.acknowledge(by=employee, announcement=about, at=datetime(2026, 5, 20, tzinfo=UTC))

        run(7)

        assert len(subjects(employee)) == 1

    def test_what_is_past_due_and_mandatory_is_of_a_kind_that_cannot_be_switched_off(self, employee: User):
        run(7)
        run(-7)

        kinds = Notification.objects.filter(person=employee).order_by("pk").values_list("kind", "url", "mail")
        about = AnnouncementFactory._meta.model.objects.get().get_absolute_url()
        assert list(kinds) == [("reminders.due", about, "digest"), ("reminders.overdue", about, "digest")]

    def test_it_is_written_down(self, employee: User):
        run(30)

        found = Reminder.objects.get()
        assert (found.person, found.stage, found.by) == (employee, "30", None)
        assert queries.last_reminded([employee.pk]) == {employee.pk: found.sent_at}

    def test_it_speaks_the_persons_language(self, employee: User):
        User.objects.update(language="es")
        run(7)

        assert subjects(employee)[0].startswith("Ask first: ")

    def test_all_parts_of_the_people_are_reached(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(queries, "PEOPLE_AT_ONCE", 2)
        for _ in range(5):
            person_with()

        assert run(30) == 5


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_the_same_time_remind_once(employee: User):
    AnnouncementFactory(title="Ask first", must_read=True, due_on=DUE)

    in_threads(4, lambda: run(7))

    assert subjects(employee) == ["Ask first: due in 7 days"]
    assert Reminder.objects.count() == 1


@pytest.mark.usefixtures("_duty")
class TestEscalation:
    @pytest.fixture
    def hospital(self) -> Department:
        return DepartmentFactory(name="Hospital")

    @pytest.fixture
    def rosa(self, hospital: Department) -> User:
        person = person_with(name="Rosa Delgado")
        MembershipFactory(person=person, department=DepartmentFactory(name="Ward", parent=hospital))
        return person

    @pytest.fixture
    def coordinator(self, hospital: Department) -> User:
        found = person_with(Role.COORDINATOR, branch=hospital, name="Marcus Bell")
        return self.who_owes_nothing(found)

    @pytest.fixture
    def manager(self, rosa: User) -> User:
        found = self.who_owes_nothing(person_with(name="Petra Boss"))
        User.objects.filter(pk=rosa.pk).update(manager=found)
        return found

    def who_owes_nothing(self, person: User) -> User:
        person.audiences.clear()
        return person

    def test_the_coordinator_is_told_figures_once_a_week(self, rosa: User, coordinator: User, hospital: Department):
        for days_late in [6, 7, 8, 13, 14]:
            run(-days_late)

        assert subjects(coordinator) == [
            "Hospital: 1 person is past due by 7 days or more",
            "Hospital: 1 person is past due by 7 days or more",
        ]
        told = Notification.objects.filter(person=coordinator).first()
        assert told
        assert (told.kind, told.url) == ("reminders.escalated", f"/departments/{hospital.pk}/?show=overdue")
        assert "Rosa" not in told.subject + told.lead

    def test_the_manager_is_told_names_later(self, rosa: User, manager: User):
        run(-13)
        assert subjects(manager) == []

        run(-14)

        (told,) = Notification.objects.filter(person=manager)
        assert told.subject == "1 person who reports to you is past due by 14 days or more"
        assert (told.lead, told.url) == ("Rosa Delgado", "/my/team/")

    def test_the_thresholds_are_set_by_people(self, rosa: User, coordinator: User, manager: User, strategist: User):
        set_thresholds(by=strategist, coordinator_after_days=1, manager_after_days=2)

        run(-1)
        assert (len(subjects(coordinator)), len(subjects(manager))) == (1, 0)
        run(-2)
        assert len(subjects(manager)) == 1
        assert AuditEntry.objects.get(verb="reminders.thresholds_set").details == {
            "coordinator_after_days": 1,
            "manager_after_days": 2,
        }
        assert Thresholds.objects.count() == 1

    def test_a_coordinator_elsewhere_hears_nothing(self, rosa: User):
        other = self.who_owes_nothing(person_with(Role.COORDINATOR, branch=DepartmentFactory()))

        run(-7)

        assert subjects(other) == []

    def test_a_coordinator_of_everything_hears_of_the_whole_tree(self, rosa: User, hospital: Department):
        everywhere = self.who_owes_nothing(person_with())
        RoleGrantFactory(person=everywhere, role=Role.COORDINATOR, branch=None)

        run(-7)

        assert subjects(everywhere) == ["Hospital: 1 person is past due by 7 days or more"]

    def test_it_takes_as_many_queries_for_three_as_for_one(self, rosa: User, coordinator: User, manager: User):
        one = queries.branches_with_late_people([rosa.pk], DUE)

        assert [(each.coordinator_id, each.department.name, each.people) for each in one] == [
            (coordinator.pk, "Hospital", 1)
        ]


def test_what_is_not_mandatory_names_nobody_to_others(employee: User):
    coordinator = person_with(Role.COORDINATOR, name="Marcus Bell")
    MembershipFactory(person=employee, department=DepartmentFactory())
    User.objects.filter(pk=employee.pk).update(manager=coordinator)
    assert Channel.objects.count() == 0
    late = queries.late_among([], DUE)

    assert late == []
    assert run(-30) == 0
    assert subjects(coordinator) == []


@pytest.mark.usefixtures("_duty")
class TestMail:
    """A night passes between the reminder and the mail."""

    def test_who_has_done_it_meanwhile_is_not_reminded_by_mail(self, employee: User, mailoutbox):
        run(7)
        Receipt.objects.create(
            announcement=Announcement.objects.get(), person=employee, read_at=MORNING, acknowledged_at=MORNING
        )

        assert mailed() == []

    def test_who_has_not_is(self, employee: User, mailoutbox):
        run(7)

        assert mailed() == [employee.email]

    def test_nor_who_was_asked_by_the_coordinator_and_owes_nothing_any_more(self, employee: User, mailoutbox):
        department = DepartmentFactory()
        remind_people(by=employee, department=department, person_ids=[employee.pk], on=MORNING.date(), at=MORNING)
        Announcement.objects.update(must_read=False)

        assert mailed() == []
