"""The builder: conditions come and go by buttons, nothing is saved before it is said what saving means."""

from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.people.access import Role
from coe_portal.people.models import Audience, AudienceVersion, Department, User
from coe_portal.people.rules import rule_of
from tests.factories.people import (
    AudienceFactory,
    DepartmentFactory,
    MembershipFactory,
    PersonFactory,
    person_with,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
ADD = "/administration/audiences/add/"


@pytest.fixture
def client(strategist: User, sign_in: SignIn) -> Client:
    return sign_in(strategist)


@pytest.fixture
def nurses() -> Audience:
    audience = AudienceFactory(name="Nurses", rule=rule_of(kinds=["nurse"]).as_data(), edition=1)
    audience.people.set(PersonFactory.create_batch(2, kind="nurse"))
    return audience


def edit(audience: Audience) -> str:
    return f"/administration/audiences/{audience.pk}/edit/"


def kinds(*values: str, path: str = "n-0") -> dict[str, object]:
    return {"n-op": "all", f"{path}-about": "kind", f"{path}-values": list(values)}


def shown(response) -> list[object]:
    """The rule on the page: a group as a list that begins with its op, a condition as what it is about."""

    def tree(node) -> object:
        return [node.op, *(tree(part) for part in node.parts)] if node.is_group else node.form.about

    return tree(response.context["node"])


class TestWriting:
    def test_conditions_and_groups_are_added_and_removed(self, client: Client):
        sent = {"name": "Mine", "n-op": "any", **kinds("nurse")} | {"n-op": "any"}

        added = client.post(ADD, sent | {"do": "add:n:title"})
        grouped = client.post(ADD, sent | {"do": "group:n"})
        inside = client.post(ADD, sent | {"n-1-op": "none", "do": "add:n-1:role"})
        removed = client.post(ADD, sent | {"do": "remove:n-0"})

        assert shown(added) == ["any", "kind", "title"]
        assert shown(grouped) == ["any", "kind", ["all"]]
        assert shown(inside) == ["any", "kind", ["none", "role"]]
        assert shown(removed) == ["any"]
        assert not Audience.objects.filter(is_everyone=False).exists()

    def test_what_was_typed_survives_a_button_and_is_not_judged_yet(self, client: Client):
        sent = {
            "name": "", "n-op": "all", "n-0-about": "title", "n-0-values": "nurse, “midwife",
            "n-1-about": "hired", "n-1-how": "before", "n-1-day": "", "never": "typo@", "do": "add:n:kind",
        }  # fmt: skip

        page = client.post(ADD, sent).content.decode()

        assert "nurse, “midwife" in page
        assert "typo@" in page
        assert "field-errors" not in page

    @pytest.mark.parametrize(
        "do", ["", "remove:n", "remove:n-7", "remove:x", "add:n-0:kind", "add:n:shoes", "group:n-9-9-9-9-9-9", "more:~"]
    )
    def test_a_button_that_is_none_changes_nothing(self, client: Client, do: str):
        assert shown(client.post(ADD, kinds("nurse") | {"do": do})) == ["all", "kind"]

    def test_strange_fields_are_dropped(self, client: Client):
        sent = {"n-op": "xor", "n-5-about": "kind", "n-5-values": "nurse", "n-0-3-about": "kind", "n-9-about": "rm"}

        assert shown(client.post(ADD, sent | {"do": "count"})) == ["all", "kind"]

    def test_it_takes_a_constant_number_of_queries(self, client: Client, django_assert_num_queries):
        client.post(ADD, kinds("nurse"))
        one = kinds("nurse") | {"do": "count"}
        three = one | {"n-1-about": "location", "n-2-about": "department", "n-3-about": "role"}
        with django_assert_num_queries(7):
            client.post(ADD, one)

        with django_assert_num_queries(7):
            client.post(ADD, three)


class TestCounting:
    def test_the_page_says_how_many_and_who(self, client: Client):
        nurse = MembershipFactory(person__kind="nurse", person__name="Ada", department__name="Ward").person
        PersonFactory(kind="office")

        reach = client.post(ADD, kinds("nurse") | {"do": "count"}).context["reach"]

        assert (reach.number, [(each.person, each.department) for each in reach.names]) == (1, [(nurse, "Ward")])
        assert reach.is_few

    def test_unfilled_conditions_are_left_out_and_said(self, client: Client):
        PersonFactory(kind="nurse")

        response = client.post(ADD, kinds("nurse") | {"n-1-about": "title", "n-1-values": "", "do": "count"})

        assert (response.context["reach"].number, response.context["builder"].unfilled) == (1, 1)

    def test_names_are_searched_and_paged_by_key(self, client: Client):
        for n in range(25):
            PersonFactory(kind="nurse", name=f"Nurse {n:02}")

        first = client.post(ADD, kinds("nurse") | {"do": "count"}).context["reach"]
        second = client.post(ADD, kinds("nurse") | {"do": f"more:{first.after}"}).context["reach"]
        found = client.post(ADD, kinds("nurse") | {"do": "count", "q": "nurse 07"}).context["reach"]

        assert [len(first.names), len(second.names), second.after] == [20, 5, ""]
        assert [each.person.name for each in found.names] == ["Nurse 07"]
        assert found.number == 25

    def test_nobody_and_everybody_are_warned_of(self, client: Client):
        nobody = client.post(ADD, kinds("volunteer") | {"do": "count"}).context["reach"]
        everybody = client.post(ADD, kinds("office") | {"do": "count"}).context["reach"]

        assert (nobody.is_nobody, everybody.is_everybody) == (True, True)

    def test_a_closed_department_is_warned_of(self, client: Client):
        ward = DepartmentFactory()
        audience = AudienceFactory(rule=rule_of(departments=[ward.pk]).as_data(), edition=1)
        Department.objects.filter(pk=ward.pk).delete()

        assert client.get(edit(audience)).context["reach"].gone == 1

    def test_a_strategist_of_a_branch_sees_the_names_of_the_branch(self, sign_in: SignIn):
        ward = DepartmentFactory()
        near = MembershipFactory(person__kind="nurse", department=ward).person
        MembershipFactory(person__kind="nurse")
        reader = person_with(Role.STRATEGIST, branch=ward)

        reach = sign_in(reader).post(ADD, kinds("nurse") | {"do": "count"}).context["reach"]

        assert (reach.number, [each.person for each in reach.names]) == (2, [near])

    def test_htmx_gets_the_builder_alone(self, client: Client):
        page = client.post(ADD, kinds("nurse") | {"do": "count"}, headers={"HX-Request": "true"}).content.decode()

        assert 'id="reach"' in page
        assert "<html" not in page


class TestSaving:
    def test_a_new_one_is_saved_and_counted(self, client: Client, strategist: User):
        nurse = PersonFactory(kind="nurse")
        sent = kinds("nurse") | {"name": "Nurses", "also": strategist.email, "do": "save"}

        response = client.post(ADD, sent)

        audience = Audience.objects.get(name="Nurses")
        assert response.url == f"/administration/audiences/{audience.pk}/"
        assert set(audience.people.all()) == {nurse, strategist}
        assert audience.parsed.also == (strategist.pk,)

    def test_a_change_shows_what_it_means_before_it_is_saved(self, client: Client, nurses: Audience):
        PersonFactory(kind="physician")
        sent = kinds("physician") | {"name": "Physicians", "edition": 1}

        review = client.post(edit(nurses), sent | {"do": "review"})
        too_early = client.post(edit(nurses), sent | {"do": "save"})

        for page in (review, too_early):
            assert (page.context["impact"].joined, page.context["impact"].left) == (1, 2)
        assert Audience.objects.get(pk=nurses.pk).rule == rule_of(kinds=["nurse"]).as_data()

        saved = client.post(edit(nurses), sent | {"do": "save", "reviewed": review.context["reviewed"]})

        assert saved.status_code == 302
        assert nurses.people.count() == 1
        assert AudienceVersion.objects.get(audience=nurses).number == 2

    def test_a_change_keeps_its_name(self, client: Client, nurses: Audience):
        response = client.post(edit(nurses), kinds("physician") | {"name": "Nurses", "edition": 1, "do": "review"})

        assert response.context["naming"].errors == {}
        assert response.context["impact"].left == 2

    def test_somebody_was_faster(self, client: Client, nurses: Audience):
        sent = kinds("physician") | {"name": "Physicians", "edition": 1}
        reviewed = client.post(edit(nurses), sent | {"do": "review"}).context["reviewed"]
        Audience.objects.filter(pk=nurses.pk).update(edition=2)

        response = client.post(edit(nurses), sent | {"do": "save", "reviewed": reviewed})

        assert "meanwhile" in str(response.context["builder"].error)
        assert Audience.objects.get(pk=nurses.pk).name == "Nurses"

    @pytest.mark.parametrize(
        "sent",
        [
            {"name": ""},
            {"n-0-about": "kind", "n-0-values": []},
            {"n-1-op": "any"},
            {"also": "nobody@riverbend.example"},
            {"n-1-about": "hired", "n-1-how": "before", "n-1-day": "31/31/2026"},
            {"n-1-about": "hired", "n-1-how": "within", "n-1-days": "-4"},
            {"n-1-about": "department", "n-1-values": "987654321"},
            {"n-1-about": "title", "n-1-values": " , "},
        ],
    )
    def test_what_is_not_filled_in_is_said_and_kept(self, client: Client, sent: dict[str, object]):
        response = client.post(ADD, {"name": "Mine", **kinds("nurse"), **sent, "do": "save"})

        assert response.status_code == 200
        assert not Audience.objects.filter(is_everyone=False).exists()
        page = response.content.decode()
        assert "field-errors" in page or response.context["builder"].error

    def test_a_circle_is_refused_in_words(self, client: Client, nurses: Audience):
        outer = AudienceFactory(rule={"op": "all", "parts": [{"about": "audience", "values": [nurses.pk]}]}, edition=1)
        sent = {"name": "Nurses", "n-op": "all", "n-0-about": "audience", "n-0-values": outer.pk, "edition": 1}

        response = client.post(edit(nurses), sent | {"do": "review"})

        assert "itself" in response.context["builder"].error

    def test_a_taken_name_is_refused(self, client: Client, nurses: Audience):
        response = client.post(ADD, kinds("nurse") | {"name": "Nurses", "do": "save"})

        assert list(response.context["naming"].errors) == ["name"]

    def test_everyone_is_not_changed(self, client: Client, everyone: Audience):
        assert client.get(edit(everyone)).status_code == 404

    def test_a_strategist_of_a_branch_changes_their_own_alone(self, sign_in: SignIn, nurses: Audience):
        reader = person_with(Role.STRATEGIST, branch=DepartmentFactory())

        assert sign_in(reader).get(edit(nurses)).status_code == 403
        Audience.objects.update(made_by=reader)
        assert sign_in(reader).get(edit(nurses)).status_code == 200
