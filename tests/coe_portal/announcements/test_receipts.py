"""Who has confirmed and who has not."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from coe_portal.announcements.models import Announcement, Sending
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.access import Role
from coe_portal.people.models import Audience, Department, User
from tests.factories.announcements import AnnouncementFactory, ReceiptFactory
from tests.factories.people import AudienceFactory, DepartmentFactory, MembershipFactory, person_with

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture
def surgery() -> Department:
    return DepartmentFactory(name="Surgery")


@pytest.fixture
def theatre(surgery: Department) -> Department:
    return DepartmentFactory(name="Operating theatre", parent=surgery)


def member(name: str, department: Department) -> User:
    person = person_with(name=name)
    MembershipFactory(person=person, department=department, starts=date(2020, 1, 1))
    return person


@pytest.fixture
def asked(everyone: Audience) -> Announcement:
    return AnnouncementFactory(must_read=True, audience=everyone)


@pytest.fixture
def coordinator(surgery: Department) -> User:
    return person_with(Role.COORDINATOR, branch=surgery, name="Carla Reyes")


def names(response) -> list[str]:
    return [each.person.name for each in response.context["readers"]]


def test_a_strategist_sees_everybody_by_department(
    asked: Announcement, strategist: User, theatre: Department, surgery: Department, sign_in: SignIn
):
    done = member("Anna", theatre)
    member("Bert", theatre)
    member("Cleo", surgery)
    ReceiptFactory(announcement=asked, person=done, acknowledged_at=timezone.now())

    page = sign_in(strategist).get(f"/announcements/{asked.pk}/receipts/")

    assert {"Bert", "Cleo"} <= set(names(page))
    assert "Anna" not in names(page)
    found = {each.name: (each.people, each.acknowledged, each.missing) for each in page.context["departments"]}
    assert found["Operating theatre"] == (2, 1, 1)
    assert found["Surgery"] == (1, 0, 1)


def test_a_coordinator_sees_the_people_of_the_branch_alone(
    asked: Announcement, coordinator: User, theatre: Department, sign_in: SignIn
):
    elsewhere = DepartmentFactory(name="Kitchen")
    member("Anna", theatre)
    member("Zoe", elsewhere)

    page = sign_in(coordinator).get(f"/announcements/{asked.pk}/receipts/")
    outside = sign_in(coordinator).get(f"/announcements/{asked.pk}/receipts/?department={elsewhere.pk}&show=everybody")
    exported = b"".join(sign_in(coordinator).get(f"/announcements/{asked.pk}/receipts/csv/").streaming_content)

    assert names(page) == ["Anna"]
    assert page.context["reach"].people == 1
    assert [each.name for each in page.context["departments"]] == ["Operating theatre"]
    assert names(outside) == []
    assert b"Anna" in exported
    assert b"Zoe" not in exported


def test_hidden_people_change_nothing_for_a_coordinator(
    asked: Announcement, coordinator: User, theatre: Department, sign_in: SignIn
):
    member("Anna", theatre)
    client = sign_in(coordinator)
    keys = ("reach", "departments", "readers")
    before = client.get(f"/announcements/{asked.pk}/receipts/").context
    before = {key: before[key] for key in keys}

    hidden = member("Zoe", DepartmentFactory())
    ReceiptFactory(announcement=asked, person=hidden, acknowledged_at=timezone.now())

    after = client.get(f"/announcements/{asked.pk}/receipts/").context
    assert {key: after[key] for key in keys} == before


def test_others_get_what_they_would_get_for_nothing(asked: Announcement, employee: User, executive: User, sign_in):
    for person in (employee, executive):
        client = sign_in(person)
        for path in ("receipts/", "receipts/csv/", "receipts/xlsx/"):
            assert client.get(f"/announcements/{asked.pk}/{path}").status_code == 404
        assert client.post(f"/announcements/{asked.pk}/receipts/remind/").status_code == 404


def test_a_coordinator_follows_up_only_what_they_read(coordinator: User, sign_in: SignIn):
    hidden = AnnouncementFactory(must_read=True, audience=AudienceFactory())

    assert sign_in(coordinator).get(f"/announcements/{hidden.pk}/receipts/").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Bert", "Cleo"]),
        ("show=missing", ["Bert", "Cleo"]),
        ("show=read", ["Bert"]),
        ("show=confirmed", ["Anna"]),
        ("show=everybody", ["Anna", "Bert", "Cleo"]),
        ("show=nonsense", ["Bert", "Cleo"]),
        ("show=everybody&name=cle", ["Cleo"]),
        ("department=x&name=", ["Bert", "Cleo"]),
        ("department=99999999999999999999", ["Bert", "Cleo"]),
    ],
)
def test_the_list_is_narrowed_by_address(
    query: str, expected: list[str], asked: Announcement, coordinator: User, surgery: Department, sign_in: SignIn
):
    anna, bert, _cleo = (member(name, surgery) for name in ("Anna", "Bert", "Cleo"))
    ReceiptFactory(announcement=asked, person=anna, acknowledged_at=timezone.now())
    ReceiptFactory(announcement=asked, person=bert)

    assert names(sign_in(coordinator).get(f"/announcements/{asked.pk}/receipts/?{query}")) == expected


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_a_constant_number_of_queries(
    number: int, asked: Announcement, strategist: User, surgery: Department, sign_in, django_assert_num_queries
):
    for each in range(number):
        member(f"Person {each}", surgery)
    client = sign_in(strategist)
    client.get(f"/announcements/{asked.pk}/receipts/")

    with django_assert_num_queries(8):
        client.get(f"/announcements/{asked.pk}/receipts/")


def test_a_workbook_holds_the_same_and_no_formula(
    asked: Announcement, strategist: User, surgery: Department, sign_in: SignIn
):
    member("=HYPERLINK(1)", surgery)

    response = sign_in(strategist).get(f"/announcements/{asked.pk}/receipts/xlsx/?name=HYPER")

    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert next(cell.value for cell in sheet[2]) == "'=HYPERLINK(1)"
    assert sign_in(strategist).get(f"/announcements/{asked.pk}/receipts/docx/").status_code == 404


def test_those_who_have_not_are_reminded_once_a_day(asked: Announcement, strategist: User, sign_in: SignIn):
    client = sign_in(strategist)

    first = client.post(f"/announcements/{asked.pk}/receipts/remind/", follow=True)
    second = client.post(f"/announcements/{asked.pk}/receipts/remind/", follow=True)

    assert "1 person is being reminded" in first.content.decode()
    assert "They have been reminded today already" in second.content.decode()
    assert Sending.objects.count() == QueuedJob.objects.count() == 1


def test_a_coordinator_reminds_the_branch(asked: Announcement, coordinator: User, theatre: Department, sign_in: SignIn):
    member("Anna", theatre)

    sign_in(coordinator).post(f"/announcements/{asked.pk}/receipts/remind/")

    assert Sending.objects.get().total == 1
