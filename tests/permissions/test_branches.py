"""A role for a branch reaches that branch: names, records and figures of others stay out of sight, by every door."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coe_portal.channels.models import Channel
from coe_portal.people.access import Access, Role
from coe_portal.people.actions import delegate, end_role, join_department, leave_department
from coe_portal.people.forms.roles import GrantForm
from coe_portal.people.models import Audience, Department, RoleGrant, User
from coe_portal.people.queries import access_of, branch_ids
from policies.actions.acknowledging import acknowledge
from tests.factories.announcements import AnnouncementFactory
from tests.factories.channels import ChannelFactory, ChannelRequestFactory, PeerFactory
from tests.factories.people import AudienceFactory, DepartmentFactory, MembershipFactory, person_with
from tests.factories.policies import AT, published
from tests.factories.training import EnrolmentFactory, completion_of, course_with

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = "Insa Inside", "Otto Outside"


@pytest.fixture
def ward() -> Department:
    found: Department = DepartmentFactory(name="Ward")
    return found


@pytest.fixture
def elsewhere() -> Department:
    found: Department = DepartmentFactory(name="Elsewhere")
    return found


@pytest.fixture
def people(ward: Department, elsewhere: Department) -> dict[str, User]:
    """One in the ward's own team, one elsewhere."""
    found = {INSIDE: person_with(name=INSIDE), OUTSIDE: person_with(name=OUTSIDE)}
    MembershipFactory(person=found[INSIDE], department=DepartmentFactory(parent=ward))
    MembershipFactory(person=found[OUTSIDE], department=elsewhere)
    return found


@pytest.fixture
def of_the_ward(ward: Department) -> User:
    return person_with(Role.STRATEGIST, branch=ward)


@pytest.fixture
def own(ward: Department) -> Channel:
    found: Channel = ChannelFactory(department=ward, name="Ward channel")
    return found


@pytest.fixture
def others(elsewhere: Department) -> Channel:
    found: Channel = ChannelFactory(department=elsewhere, name="Elsewhere channel")
    return found


def text(answer: HttpResponse) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def named(answer: HttpResponse) -> list[str]:
    page = text(answer)
    return [name for name in (INSIDE, OUTSIDE) if name in page]


@pytest.mark.parametrize(
    ("branches", "reach"),
    [
        ({}, frozenset()),
        ({"coordinator": frozenset({1})}, frozenset({1})),
        ({"coordinator": frozenset({1}), "strategist": frozenset({2})}, frozenset({1, 2})),
        ({"coordinator": frozenset({1}), "strategist": None}, None),
        ({"executive": None}, frozenset()),
    ],
)
def test_roles_reach_together(branches: dict[str, Any], reach: frozenset[int] | None) -> None:
    access = Access(branches=branches, department_ids=frozenset(), audience_ids=frozenset())

    assert access.reach("coordinator", "strategist") == reach


class TestNames:
    def test_of_who_has_signed(self, people: dict[str, User], of_the_ward: User, strategist: User, sign_in: SignIn):
        version = published(writer=strategist, approver=person_with(Role.STRATEGIST), slug="social-media")
        page = "/policies/social-media/signatures/"
        assert named(sign_in(of_the_ward).get(page)) == [INSIDE]
        signed = [
            acknowledge(by=each, version=version, address="192.0.2.1", user_agent="", at=AT)[0]
            for each in people.values()
        ]
        receipts = [reverse("policies:receipt", args=[each.reference]) for each in signed]

        assert named(sign_in(of_the_ward).get(f"{page}1.0/csv/")) == [INSIDE]
        assert named(sign_in(strategist).get(f"{page}1.0/csv/")) == [INSIDE, OUTSIDE]
        assert [sign_in(of_the_ward).get(url).status_code for url in receipts] == [200, 404]
        assert [sign_in(strategist).get(url).status_code for url in receipts] == [200, 200]

    def test_of_who_owes_a_course(self, people: dict[str, User], of_the_ward: User, strategist: User, sign_in: SignIn):
        course = course_with("single")
        rows = [EnrolmentFactory(person=each, course=course) for each in people.values()]

        assert named(sign_in(of_the_ward).get("/training/team/?show=open")) == [INSIDE]
        assert named(sign_in(of_the_ward).get("/training/team/export.csv?show=open")) == [INSIDE]
        assert named(sign_in(strategist).get("/training/team/?show=open")) == [INSIDE, OUTSIDE]
        pages = [f"/training/team/enrolments/{row.pk}/" for row in rows]
        assert [sign_in(of_the_ward).get(url).status_code for url in pages] == [200, 404]

    def test_a_certificate_of_somebody_elsewhere_is_not_theirs_to_revoke(
        self, people: dict[str, User], of_the_ward: User, sign_in: SignIn
    ):
        course = course_with("single")
        found = [completion_of(each, course).certificate.get_absolute_url() for each in people.values()]

        assert [sign_in(of_the_ward).get(f"{url}revoke/").status_code for url in found] == [200, 404]
        assert sign_in(of_the_ward).post(f"{found[1]}revoke/", {"because": "No reason."}).status_code == 404

    def test_of_who_has_read_what_must_be_read(
        self, people: dict[str, User], of_the_ward: User, strategist: User, sign_in: SignIn, everyone: Audience
    ):
        told = AnnouncementFactory(
            audience=everyone, must_read=True, state="published", published_at=timezone.now(), author=strategist
        )

        for page in (f"/announcements/{told.pk}/receipts/", f"/announcements/{told.pk}/receipts/csv/"):
            assert named(sign_in(of_the_ward).get(page)) == [INSIDE]
            assert named(sign_in(strategist).get(page)) == [INSIDE, OUTSIDE]

    def test_of_an_audience(self, people: dict[str, User], of_the_ward: User, sign_in: SignIn):
        audience = AudienceFactory(name="Both")
        audience.people.add(*people.values())
        members = f"/administration/audiences/{audience.pk}/members/"

        for page in (members, f"{members}export/"):
            assert named(sign_in(of_the_ward).get(page)) == [INSIDE]


class TestChannels:
    def test_figures(self, own: Channel, others: Channel, of_the_ward: User, ward: Department, sign_in: SignIn):
        executive = person_with(Role.EXECUTIVE, branch=ward)
        peer = PeerFactory()

        for person in (of_the_ward, executive):
            seen = Channel.objects.with_figures_for(person)
            assert list(seen) == [own]
            assert sign_in(person).get(f"/metrics/networks/{own.network}/").status_code == 404
            page = text(sign_in(person).get("/metrics/"))
            assert (own.name in page, others.name in page, peer.name in page) == (True, False, False)

    @pytest.mark.parametrize("path", ["edit/", "publishers/", "move/", "validate/"])
    def test_the_register(self, own: Channel, others: Channel, of_the_ward: User, sign_in: SignIn, path: str):
        def sent(channel: Channel) -> int:
            return int(sign_in(of_the_ward).post(f"/channels/{channel.pk}/{path}", {"to": "dormant"}).status_code)

        assert sent(others) in (403, 404)
        assert sent(own) in (302, 422)

    def test_a_request_elsewhere_is_not_seen(self, ward: Department, others: Channel, of_the_ward: User):
        asked = [ChannelRequestFactory(channel__department=each).channel for each in (ward, others.department)]

        assert [each in Channel.objects.visible_to(of_the_ward) for each in asked] == [True, False]

    def test_a_new_channel_is_of_the_branch(
        self, ward: Department, elsewhere: Department, of_the_ward: User, sign_in: SignIn
    ):
        fields = {
            "relation": "own", "network": "bluesky", "handle": "new.example", "name": "New", "purpose": "News",
            "time_zone": "America/New_York", "two_factor": "unknown",
        }  # fmt: skip
        client = sign_in(of_the_ward)

        refused = client.post("/channels/add/", {**fields, "department": elsewhere.pk})
        peer = client.post("/channels/add/", {**fields, "relation": "peer"})
        accepted = client.post("/channels/add/", {**fields, "department": ward.pk})

        assert [each.status_code for each in (refused, peer, accepted)] == [422, 422, 302], accepted.context
        assert "Your role is for a branch" in text(refused)


@pytest.mark.parametrize(
    ("role", "is_given"), [("privacy_officer", False), ("administrator", False), ("strategist", True)]
)
def test_who_works_for_the_whole_is_given_no_branch(ward: Department, employee: User, role: str, is_given: bool):
    form = GrantForm({"role": role, "branch": ward.pk, "starts": "2026-01-05"}, person=employee)

    assert form.is_valid() is is_given
    assert list(form.errors) == ([] if is_given else ["branch"])


def test_one_second_after_its_end_a_role_opens_nothing(
    of_the_ward: User, administrator: User, sign_in: SignIn, django_capture_on_commit_callbacks
):
    """What the person may do is kept between requests; its end is not waited for."""
    client = sign_in(of_the_ward)
    assert client.get("/training/team/").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        end_role(by=administrator, grant=RoleGrant.objects.get(person=of_the_ward), on=timezone.localdate())

    assert client.get("/training/team/").status_code == 404


def test_who_moves_away_is_out_of_sight_at_once(
    people: dict[str, User], ward: Department, elsewhere: Department, sign_in: SignIn, administrator: User
):
    for person in people.values():
        EnrolmentFactory(person=person, course=course_with("single", slug=f"course-{person.pk}"))
    of_ward, of_elsewhere = (person_with(Role.COORDINATOR, branch=each) for each in (ward, elsewhere))
    clients = [sign_in(each) for each in (of_ward, of_elsewhere)]
    assert [named(each.get("/training/team/?show=open")) for each in clients] == [[INSIDE], [OUTSIDE]]

    today = timezone.localdate()
    leave_department(by=administrator, membership=people[INSIDE].memberships.get(), on=today)
    join_department(by=administrator, person=people[INSIDE], department=elsewhere, starts=today)

    assert [named(each.get("/training/team/?show=open")) for each in clients] == [[], [INSIDE, OUTSIDE]]


def test_a_role_that_was_handed_on_opens_its_days_and_no_other(people: dict[str, User], ward: Department):
    coordinator, stand_in = person_with(Role.COORDINATOR, branch=ward), person_with()
    today = timezone.localdate()
    grant = RoleGrant.objects.get(person=coordinator)
    delegate(by=coordinator, grant=grant, to=stand_in, starts=today + timedelta(1), ends=today + timedelta(3))

    reach = [access_of(stand_in, today + timedelta(n)).reach(Role.COORDINATOR) for n in range(4)]

    below = branch_ids([ward.pk])
    assert reach == [frozenset(), below, below, frozenset()]
