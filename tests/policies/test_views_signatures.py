import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from openpyxl import load_workbook

from coe_portal.people.access import Role
from coe_portal.people.models import Audience, Department, User
from policies.actions.acknowledging import acknowledge
from policies.models import Policy, Version
from tests.factories.people import DepartmentFactory, MembershipFactory, person_with
from tests.factories.policies import AT, next_version

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
ADDRESS = "/policies/social-media/signatures/"


def member(department: Department, name: str) -> User:
    person = person_with(name=name)
    MembershipFactory(person=person, department=department)
    return person


@pytest.fixture
def surgery() -> Department:
    department: Department = DepartmentFactory(name="Surgery")
    return department


@pytest.fixture
def day_surgery(surgery: Department) -> Department:
    department: Department = DepartmentFactory(name="Day surgery", parent=surgery)
    return department


@pytest.fixture
def kitchen() -> Department:
    department: Department = DepartmentFactory(name="Kitchen")
    return department


@pytest.fixture
def people(surgery: Department, day_surgery: Department, kitchen: Department, version: Version) -> dict[str, User]:
    found = {
        "Ann": member(surgery, "Ann"), "Bo": member(day_surgery, "Bo"), "Cy": member(day_surgery, "Cy"),
        "Di": member(kitchen, "Di"),
    }  # fmt: skip
    acknowledge(by=found["Bo"], version=version, address="192.0.2.1", user_agent="=cmd()", at=AT)
    return found


@pytest.fixture
def coordinator(surgery: Department) -> User:
    return person_with(Role.COORDINATOR, branch=surgery, name="Coordinator")


def names(response: Any) -> list[str]:
    return [each.name for each in response.context["open_rows"]]


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_strategists_see_every_department_with_what_is_below(
    people: dict[str, User], strategist: User, sign_in: SignIn
) -> None:
    rows = sign_in(strategist).get(ADDRESS).context["rows"]

    assert {(each.name, each.depth, each.asked, each.signed) for each in rows} == {
        ("Surgery", 0, 3, 1), ("Day surgery", 1, 2, 1), ("Kitchen", 0, 1, 0),
    }  # fmt: skip


def test_coordinators_see_their_branch_and_who_is_open(
    people: dict[str, User], coordinator: User, sign_in: SignIn
) -> None:
    response = sign_in(coordinator).get(ADDRESS)

    assert [each.name for each in response.context["rows"]] == ["Surgery", "Day surgery"]
    assert names(response) == ["Ann", "Cy"]
    assert (response.context["asked"], response.context["signed"]) == (3, 1)


def test_another_branch_cannot_be_chosen(
    people: dict[str, User], kitchen: Department, coordinator: User, sign_in: SignIn
) -> None:
    assert names(sign_in(coordinator).get(f"{ADDRESS}?department={kitchen.pk}")) == ["Ann", "Cy"]


def test_one_department_can_be_chosen(
    people: dict[str, User], day_surgery: Department, strategist: User, sign_in: SignIn
) -> None:
    assert names(sign_in(strategist).get(f"{ADDRESS}?department={day_surgery.pk}")) == ["Cy"]


@pytest.mark.parametrize("after", ["x", "Ann~", "~1", "Ann~99999999999999999999", "Zzz~1"])
def test_a_hand_written_address_breaks_nothing(
    people: dict[str, User], strategist: User, sign_in: SignIn, after: str
) -> None:
    assert sign_in(strategist).get(ADDRESS, {"after": after}).status_code == 200


def test_names_page_by_key(
    people: dict[str, User], coordinator: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policies.views.signatures.PAGE", 1)
    first = sign_in(coordinator).get(ADDRESS)
    second = sign_in(coordinator).get(first.context["next_url"])

    assert (names(first), names(second), second.context["next_url"]) == (["Ann"], ["Cy"], "")


@pytest.mark.parametrize("person", ["employee", "executive", "administrator", "privacy_officer"])
def test_others_see_no_signatures(
    people: dict[str, User], person: str, request: pytest.FixtureRequest, sign_in: SignIn
) -> None:
    assert sign_in(request.getfixturevalue(person)).get(ADDRESS).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_constant_queries(
    version: Version,
    kitchen: Department,
    strategist: User,
    sign_in: SignIn,
    number: int,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for each in range(number):
        member(DepartmentFactory(name=f"Ward {each}"), f"Nurse {each}")
    client = sign_in(strategist)
    client.get(ADDRESS)

    with django_assert_num_queries(8):  # type: ignore[attr-defined]
        client.get(ADDRESS)


class TestExport:
    ADDRESS = f"{ADDRESS}1.0/csv/"

    def test_csv_holds_the_evidence_and_no_formula(
        self, people: dict[str, User], version: Version, strategist: User, sign_in: SignIn
    ) -> None:
        text = body(sign_in(strategist).get(self.ADDRESS)).decode("utf-8-sig")
        rows = list(csv.DictReader(StringIO(text)))

        assert [(each["name"], each["version"], each["browser"]) for each in rows] == [("Bo", "1.0", "'=cmd()")]
        assert rows[0]["SHA-256 of what was read"] == version.sha256

    def test_xlsx(self, people: dict[str, User], strategist: User, sign_in: SignIn) -> None:
        content = body(sign_in(strategist).get(f"{ADDRESS}1.0/xlsx/"))

        sheet = load_workbook(BytesIO(content)).active
        assert sheet is not None
        assert [row[1].value for row in sheet.iter_rows()] == ["name", "Bo"]

    def test_a_retired_version_keeps_its_evidence(
        self, people: dict[str, User], policy: Policy, strategist: User, approver: User, sign_in: SignIn
    ) -> None:
        next_version(policy, writer=strategist, approver=approver)

        assert len(body(sign_in(strategist).get(self.ADDRESS)).splitlines()) == 2
        assert len(body(sign_in(strategist).get(f"{ADDRESS}2.0/csv/")).splitlines()) == 1

    def test_only_strategists(
        self, people: dict[str, User], coordinator: User, employee: User, sign_in: SignIn
    ) -> None:
        assert [sign_in(each).get(self.ADDRESS).status_code for each in (coordinator, employee)] == [404, 404]

    @pytest.mark.parametrize("address", ["9.9/csv/", "1.0/pdf/", "x/csv/", "1.x/csv/"])
    def test_what_is_not_there_is_404(self, version: Version, strategist: User, sign_in: SignIn, address: str) -> None:
        assert sign_in(strategist).get(ADDRESS + address).status_code == 404


def test_everybody_has_an_audience(everyone: Audience, people: dict[str, User]) -> None:
    assert set(people.values()) <= set(everyone.people.all())
