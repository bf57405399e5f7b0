"""Who is in an audience and was, what was whose on a day, and what the runs say."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.audiences.actions import evaluate_daily
from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.models import Notification
from coe_portal.people import actions
from coe_portal.people.access import Role, today
from coe_portal.people.actions.audiences import reconsider
from coe_portal.people.models import Audience, AudienceMember, AudienceReader, AudienceRun, PastMember, User
from coe_portal.people.rules import rule_of
from tests.factories import policies
from tests.factories.announcements import AnnouncementFactory
from tests.factories.channels import PublisherFactory
from tests.factories.feedback import CategoryFactory
from tests.factories.people import (
    AudienceFactory,
    DepartmentFactory,
    MembershipFactory,
    PersonFactory,
    RoleGrantFactory,
)
from tests.factories.training import ProgrammeFactory, course_with

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
MONDAY = date(2026, 3, 2)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.fixture
def nurses() -> Audience:
    return AudienceFactory(name="Nurses", rule=rule_of(kinds=["nurse"]).as_data(), edition=1)


def page_of(audience: Audience, part: str = "") -> str:
    return f"/administration/audiences/{audience.pk}/{part}"


def test_who_was_in_it_on_a_day(nurses: Audience, strategist: User, sign_in: SignIn):
    before, still = PersonFactory(name="Before"), PersonFactory(name="Still")
    PastMember.objects.create(audience=nurses, person=before, joined_on=day(0), left_on=day(2))
    AudienceMember.objects.create(audience=nurses, person=still, joined_on=day(1))
    client = sign_in(strategist)

    names = [
        [person.name for person, _ in client.get(page_of(nurses, "members/"), {"day": day(n)}).context["rows"]]
        for n in (-1, 0, 1, 2)
    ]

    assert names == [[], ["Before"], ["Before", "Still"], ["Still"]]


def test_members_leave_as_a_file_with_a_trace(nurses: Audience, strategist: User, sign_in: SignIn):
    nurses.people.add(PersonFactory(name="=Ada", email="ada@riverbend.example", kind="nurse", job_title="Midwife"))

    answer = sign_in(strategist).get(page_of(nurses, "members/export/"))

    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines() == [
        "Name,E-mail,Kind of employee,Job title", "'=Ada,ada@riverbend.example,Nursing,Midwife",
    ]  # fmt: skip
    assert AuditEntry.objects.get(verb="audience.exported").actor == strategist


def test_members_take_a_constant_number_of_queries(
    nurses: Audience, strategist: User, sign_in: SignIn, django_assert_num_queries
):
    client = sign_in(strategist)
    nurses.people.add(MembershipFactory().person)
    client.get(page_of(nurses, "members/"))
    with django_assert_num_queries(4):
        client.get(page_of(nurses, "members/"))
    nurses.people.add(*(MembershipFactory().person for _ in range(2)))

    with django_assert_num_queries(4):
        client.get(page_of(nurses, "members/"))


def test_the_list_takes_a_constant_number_of_queries(strategist: User, sign_in: SignIn, django_assert_num_queries):
    client = sign_in(strategist)
    rule = rule_of(kinds=["nurse"], departments=[DepartmentFactory().pk]).as_data()
    AudienceFactory(rule=rule)
    client.get("/administration/audiences/")
    with django_assert_num_queries(9):
        client.get("/administration/audiences/")
    for audience in AudienceFactory.create_batch(2, rule=rule):
        AnnouncementFactory(audience=audience)

    with django_assert_num_queries(9):
        client.get("/administration/audiences/")


class TestUses:
    def test_the_page_lists_what_is_for_it(self, nurses: Audience, strategist: User, approver: User, sign_in: SignIn):
        policies.published(writer=strategist, approver=approver, audience=nurses, title="Photos")
        AnnouncementFactory(audience=nurses, title="Nurses week")

        uses = sign_in(strategist).get(page_of(nurses)).context["uses"]

        assert [(str(use.label), use.title, use.asks) for use in uses] == [
            ("Announcements", "Nurses week", False), ("Policies", "Photos", True),
        ]  # fmt: skip

    def test_a_room_of_others_is_not_given_away(
        self, nurses: Audience, strategist: User, privacy_officer: User, sign_in: SignIn
    ):
        CategoryFactory(name="Night shift", audience=nurses)

        assert "Night shift" not in sign_in(strategist).get(page_of(nurses)).content.decode()
        assert "Night shift" in sign_in(privacy_officer).get(page_of(nurses)).content.decode()

    def test_what_is_used_is_not_deleted(self, nurses: Audience, strategist: User, sign_in: SignIn):
        CategoryFactory(audience=nurses)
        client = sign_in(strategist)

        client.post(page_of(nurses, "delete/"))
        assert Audience.objects.filter(pk=nurses.pk).exists()

    def test_what_is_not_used_is_deleted(self, nurses: Audience, strategist: User, sign_in: SignIn):
        sign_in(strategist).post(page_of(nurses, "delete/"))

        assert not Audience.objects.filter(pk=nurses.pk).exists()
        assert AuditEntry.objects.get(verb="audience.deleted").details["name"] == "Nurses"


def test_an_audience_that_something_was_for_once_is_kept(nurses: Audience, strategist: User, sign_in: SignIn):
    """Else nobody could tell who could see it then."""
    once = AnnouncementFactory(audience=nurses)
    once.audience = AudienceFactory(name="Others")
    once.save()

    answer = sign_in(strategist).post(page_of(nurses, "delete/"), follow=True)

    assert "Something was for this audience once" in answer.content.decode()
    assert Audience.objects.filter(pk=nurses.pk).exists()


class TestAPersonOnADay:
    def test_departments_roles_audiences_and_what_was_theirs(
        self, nurses: Audience, privacy_officer: User, strategist: User, approver: User, sign_in: SignIn
    ):
        root = DepartmentFactory(name="Hospital")
        membership = MembershipFactory(department=DepartmentFactory(name="Ward", parent=root), ends=day(5))
        person = membership.person
        grant = RoleGrantFactory(person=person, role=Role.COORDINATOR, branch=root, starts=day(0), ends=day(3))
        PastMember.objects.create(audience=nurses, person=person, joined_on=day(0), left_on=day(3))
        policies.published(
            writer=strategist,
            approver=approver,
            audience=nurses,
            title="Photos",
            at=timezone.make_aware(datetime.combine(day(1), time(12))),
        )
        client = sign_in(privacy_officer)

        def on(number: int):
            return client.get(f"/administration/people/{person.pk}/on/", {"day": day(number)}).context["found"]

        assert (on(1).memberships, on(1).grants) == ([membership], [grant])
        assert [each.audience for each in on(1).audiences] == [nurses]
        assert [use.title for use in on(1).audiences[0].uses] == ["Photos 1.0"]
        assert on(0).audiences[0].uses == []
        assert (on(3).grants, on(3).audiences, on(5).memberships) == ([], [], [])

    def test_what_was_for_another_audience_by_then_is_shown_with_that_one(
        self, nurses: Audience, privacy_officer: User, employee: User, sign_in: SignIn
    ):
        """The people in either audience stay; what changes is whom the things are for."""
        other, then = AudienceFactory(name="Others"), timezone.now() - timedelta(days=30)
        for audience in (nurses, other):
            AudienceMember.objects.create(audience=audience, person=employee, joined_on=then.date())
        things = [
            AnnouncementFactory(title="News", audience=nurses, published_at=then),
            CategoryFactory(name="Room", audience=nurses),
            policies.published(
                writer=PersonFactory(), approver=PersonFactory(), audience=nurses, title="Photos", at=then
            ).policy,
            course_with(audience=nurses),
            ProgrammeFactory(audience=nurses),
        ]
        things[3].current.published_at = then
        things[3].current.save()
        for thing in things:
            thing.audience = other
            thing.save()
        client = sign_in(privacy_officer)

        def through(audience: Audience, days_ago: int) -> int:
            asked = {"day": today() - timedelta(days=days_ago)}
            found = client.get(f"/administration/people/{employee.pk}/on/", asked).context["found"]
            return sum(len(each.uses) for each in found.audiences if each.audience == audience)

        assert [(through(nurses, days), through(other, days)) for days in (5, 0)] == [(5, 0), (0, 5)]

    def test_what_they_published_with(self, privacy_officer: User, sign_in: SignIn):
        row = PublisherFactory(starts=day(0), ends=day(3), channel__name="Ward news")
        client = sign_in(privacy_officer)

        found = [
            client.get(f"/administration/people/{row.person_id}/on/", {"day": day(number)}).context["found"].held
            for number in (-1, 0, 2, 3)
        ]

        assert [[each.title for each in held] for held in found] == [[], ["Ward news"], ["Ward news"], []]

    def test_the_days_at_the_ends_of_the_calendar_are_refused(
        self, privacy_officer: User, employee: User, sign_in: SignIn
    ):
        client = sign_in(privacy_officer)

        for asked in ("9999-12-31", "0001-01-01"):
            page = client.get(f"/administration/people/{employee.pk}/on/", {"day": asked})
            assert (page.status_code, page.context["day"]) == (200, today())

    def test_it_is_for_those_who_answer_for_it(self, strategist: User, employee: User, sign_in: SignIn):
        for reader in (strategist, employee):
            assert sign_in(reader).get(f"/administration/people/{employee.pk}/on/").status_code == 403

    def test_it_takes_a_constant_number_of_queries(
        self, administrator: User, employee: User, sign_in: SignIn, django_assert_num_queries
    ):
        client, url = sign_in(administrator), f"/administration/people/{employee.pk}/on/"
        client.get(url)
        with django_assert_num_queries(21):
            client.get(url)
        for audience in AudienceFactory.create_batch(2):
            audience.people.add(employee)
            AnnouncementFactory(audience=audience)
            MembershipFactory(person=employee)

        with django_assert_num_queries(21):
            client.get(url)


class TestTheRunOfTheMorning:
    def test_it_is_made_once_a_day(self, nurses: Audience):
        PersonFactory(kind="nurse")

        first, second = evaluate_daily(on=MONDAY), evaluate_daily(on=MONDAY)

        assert first is not None
        assert second is None
        assert AudienceRun.objects.filter(is_daily=True).count() == 1

    def test_strategists_who_asked_are_told(self, nurses: Audience, strategist: User, approver: User, employee: User):
        PersonFactory(kind="nurse")
        actions.refresh_audiences(on=day(-1), audiences=[Audience.objects.everyone()])
        for person in (strategist, employee):
            AudienceReader.objects.create(person=person)

        run = evaluate_daily(on=MONDAY)

        told = Notification.objects.get(kind="audiences-changed")
        assert (told.person, told.url) == (strategist, f"/administration/audiences/changes/{run.pk}/")
        assert told.subject == "Audiences this morning: 1 joined, 0 left"

    def test_nobody_is_told_when_nobody_moved(self, strategist: User):
        evaluate_daily(on=MONDAY)
        AudienceReader.objects.create(person=strategist)

        evaluate_daily(on=day(1))

        assert not Notification.objects.filter(kind="audiences-changed").exists()

    @pytest.mark.parametrize("rule", [{}, {"op": "all", "parts": [{"about": "shoe size", "values": ["44"]}]}])
    def test_a_rule_that_cannot_be_worked_out_stops_no_other_one(
        self, nurses: Audience, strategist: User, approver: User, sign_in: SignIn, rule: dict[str, object]
    ):
        stays, nurse = PersonFactory(), PersonFactory(kind="nurse")
        broken = AudienceFactory(name="Broken", rule=rule)
        names_it = AudienceFactory(
            name="Names it", rule={"op": "any", "parts": [{"about": "audience", "values": [broken.pk]}]}
        )
        for audience in (broken, names_it):
            AudienceMember.objects.create(audience=audience, person=stays, joined_on=day(-3))

        run = evaluate_daily(on=MONDAY)

        assert run is not None
        assert set(run.changes.filter(failed=True).values_list("audience__name", flat=True)) == {"Broken", "Names it"}
        assert list(nurses.people.all()) == [nurse]
        assert [list(each.people.all()) for each in (broken, names_it)] == [[stays], [stays]]
        told = Notification.objects.filter(kind="audiences-failed")
        assert {each.person for each in told} == {strategist, approver}
        assert {each.subject for each in told} == {"Audiences that could not be worked out this morning: 2"}
        client = sign_in(strategist)
        assert "could not be worked out" in client.get(told[0].url).content.decode()
        for page in ("", "edit/", "members/"):
            assert client.get(page_of(broken, page)).status_code == 200
        assert client.get("/administration/audiences/").status_code == 200

    def test_a_rule_that_cannot_be_worked_out_does_not_keep_people_from_being_changed(
        self, nurses: Audience, administrator: User
    ):
        AudienceFactory(name="Broken", rule={"op": "all", "parts": [{"about": "shoe size", "values": ["44"]}]})
        person = PersonFactory(kind="nurse")

        reconsider(person)

        assert list(nurses.people.all()) == [person]

    def test_it_is_asked_for_by_a_button(self, strategist: User, sign_in: SignIn):
        client = sign_in(strategist)

        client.post("/administration/audiences/follow/", {"wants": "yes"})
        assert AudienceReader.objects.filter(person=strategist).exists()
        client.post("/administration/audiences/follow/", {"wants": "no"})
        assert not AudienceReader.objects.filter(person=strategist).exists()

    def test_the_report_leads_to_the_names(self, nurses: Audience, strategist: User, sign_in: SignIn):
        nurse = PersonFactory(kind="nurse")
        run = evaluate_daily(on=today())
        client = sign_in(strategist)

        rows = client.get(f"/administration/audiences/changes/{run.pk}/").context["rows"]
        names = client.get(page_of(nurses, "changes/"), {"side": "joined", "day": today().isoformat()})

        assert (nurses, 1, 0) in [(row.audience, row.joined, row.left) for row in rows]
        assert [person for person, _ in names.context["rows"]] == [nurse]

    def test_the_runs_take_a_constant_number_of_queries(
        self, strategist: User, sign_in: SignIn, django_assert_num_queries
    ):
        client = sign_in(strategist)
        evaluate_daily(on=day(0))
        client.get("/administration/audiences/changes/")
        with django_assert_num_queries(2):
            client.get("/administration/audiences/changes/")
        evaluate_daily(on=day(1))
        evaluate_daily(on=day(2))

        with django_assert_num_queries(2):
            client.get("/administration/audiences/changes/")
