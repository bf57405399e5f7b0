from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.people.models import User
from policies.actions.acknowledging import acknowledge
from policies.models import Acknowledgement, Change, Policy, Version
from tests.factories.policies import AT, next_version, published

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def sign(person: User, version: Version) -> Acknowledgement:
    return acknowledge(by=person, version=version, address="", user_agent="", at=AT)[0]


def post_signature(client: Client, version: Version, **fields: object) -> tuple[int, str]:
    response = client.post(
        f"/policies/{version.policy.slug}/acknowledge/", {"version": version.pk, "consent": "yes", **fields}
    )
    return response.status_code, response.headers.get("Location", "")


class TestIndex:
    def test_what_is_to_sign_comes_first(self, version: Version, employee: User, sign_in: SignIn) -> None:
        response = sign_in(employee).get("/policies/")

        assert (response.context["number_to_sign"], response.context["topics"]) == (1, [])

    def test_signed_and_other_policies_stand_under_their_topic(
        self, version: Version, employee: User, sign_in: SignIn
    ) -> None:
        sign(employee, version)

        topics = sign_in(employee).get("/policies/").context["topics"]

        assert [(each["id"], len(each["rows"])) for each in topics] == [("topic-personal", 1)]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("q=KIND+clear", 1), ("q=nothing", 0), ("topic=personal", 1), ("topic=official", 0), ("state=to-sign", 1),
            ("state=signed", 0), ("topic=nonsense", 1),
        ],
    )  # fmt: skip
    def test_filtered_by_its_address(
        self, version: Version, employee: User, sign_in: SignIn, query: str, expected: int
    ) -> None:
        assert sign_in(employee).get(f"/policies/?{query}").context["number_to_sign"] == expected

    def test_readers_see_neither_drafts_nor_policies_for_others(
        self, secret: Version, few: Version, employee: User, sign_in: SignIn
    ) -> None:
        body = sign_in(employee).get("/policies/").content.decode()

        assert "Secret plan" not in body
        assert "For a few" not in body

    @pytest.mark.parametrize("number", [1, 3])
    def test_no_query_when_warm_for_one_and_for_three(
        self,
        strategist: User,
        approver: User,
        employee: User,
        sign_in: SignIn,
        number: int,
        django_assert_num_queries: Callable[..., object],
    ) -> None:
        for each in range(number):
            published(writer=strategist, approver=approver, slug=f"p{each}", title=f"Policy {each}")
        client = sign_in(employee)
        client.get("/policies/")

        with django_assert_num_queries(0):  # type: ignore[attr-defined]
            client.get("/policies/")


class TestPolicy:
    def test_a_warm_page_does_not_ask_the_database(
        self, version: Version, employee: User, sign_in: SignIn, django_assert_num_queries: Callable[..., object]
    ) -> None:
        client = sign_in(employee)
        client.get("/policies/social-media/")

        with django_assert_num_queries(0):  # type: ignore[attr-defined]
            body = client.get("/policies/social-media/").content.decode()

        assert 'id="say-whom-you-work-for"' in body
        assert "/feedback/ask/?about=Social+media%2C+clause+1%3A+Say+whom+you+work+for&amp;url=%2Fpolicies" in body

    def test_a_new_version_is_shown_at_once(
        self,
        version: Version,
        employee: User,
        strategist: User,
        approver: User,
        sign_in: SignIn,
        django_capture_on_commit_callbacks: Callable[..., object],
    ) -> None:
        client = sign_in(employee)
        client.get("/policies/social-media/")
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            next_version(version.policy, writer=strategist, approver=approver, text="## Brand new {#brand-new}")

        assert 'id="brand-new"' in client.get("/policies/social-media/").content.decode()

    def test_what_changed_since_i_signed(
        self, version: Version, employee: User, strategist: User, approver: User, sign_in: SignIn
    ) -> None:
        sign(employee, version)
        next_version(version.policy, writer=strategist, approver=approver, text=version.text + "\n## Newer {#newer}")

        response = sign_in(employee).get("/policies/social-media/")

        assert response.context["reading"].is_to_sign
        assert 'id="change-newer"' in response.context["changes"]
        assert 'id="change-say-whom-you-work-for"' not in response.context["changes"]

    def test_who_has_signed_is_not_asked_again(self, version: Version, employee: User, sign_in: SignIn) -> None:
        sign(employee, version)

        body = sign_in(employee).get("/policies/social-media/").content.decode()

        assert 'id="acknowledge"' not in body
        assert "/policies/receipts/" in body

    def test_one_readers_signature_never_shows_on_anothers_page(
        self, version: Version, employee: User, executive: User, sign_in: SignIn
    ) -> None:
        sign(employee, version)
        sign_in(employee).get("/policies/social-media/")

        assert 'id="acknowledge"' in sign_in(executive).get("/policies/social-media/").content.decode()

    def test_strategists_without_the_audience_read_and_are_not_asked(
        self, few: Version, strategist: User, sign_in: SignIn
    ) -> None:
        response = sign_in(strategist).get("/policies/few/")

        assert (response.status_code, response.context["reading"].is_to_sign) == (200, False)


class TestAcknowledge:
    def test_a_signature_leads_to_its_receipt(self, version: Version, employee: User, sign_in: SignIn) -> None:
        client = sign_in(employee)
        answer = post_signature(client, version)

        receipt = Acknowledgement.objects.get()
        assert answer == (302, f"/policies/receipts/{receipt.reference}/")
        assert (receipt.person, receipt.address) == (employee, "127.0.0.1")
        assert client.get(answer[1]).status_code == 200

    def test_a_second_click_leads_to_the_same_receipt(self, version: Version, employee: User, sign_in: SignIn) -> None:
        client = sign_in(employee)

        assert post_signature(client, version) == post_signature(client, version)
        assert Acknowledgement.objects.count() == 1

    def test_without_the_tick_nothing_is_signed(self, version: Version, employee: User, sign_in: SignIn) -> None:
        answer = post_signature(sign_in(employee), version, consent="")

        assert answer == (302, "/policies/social-media/#acknowledge")
        assert not Acknowledgement.objects.exists()

    def test_a_page_that_grew_old_signs_nothing(
        self, version: Version, employee: User, strategist: User, approver: User, sign_in: SignIn
    ) -> None:
        next_version(version.policy, writer=strategist, approver=approver)

        assert post_signature(sign_in(employee), version) == (302, "/policies/social-media/")
        assert not Acknowledgement.objects.exists()

    @pytest.mark.parametrize("number", ["", "abc", "9" * 30, "0"])
    def test_no_version_is_404(self, version: Version, employee: User, sign_in: SignIn, number: str) -> None:
        data = {"version": number, "consent": "yes"}

        assert sign_in(employee).post("/policies/social-media/acknowledge/", data).status_code == 404

    def test_strangers_and_people_not_asked_get_404(
        self, few: Version, employee: User, strategist: User, sign_in: SignIn
    ) -> None:
        assert post_signature(sign_in(employee), few)[0] == 404
        assert post_signature(sign_in(strategist), few)[0] == 404

    def test_a_get_signs_nothing(self, version: Version, employee: User, sign_in: SignIn) -> None:
        assert sign_in(employee).get("/policies/social-media/acknowledge/").status_code == 405


class TestSideDoors:
    """Whatever is not for a reader looks exactly like something that never was."""

    ADDRESSES = (
        "", "history/", "versions/1.0/", "compare/?from=1.0&to=1.0", "clauses/say-whom-you-work-for/", "edit/",
        "review/", "publish/", "settings/", "signatures/", "signatures/1.0/csv/", "retire/",
    )  # fmt: skip

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_draft_is_404_for_readers(self, secret: Version, employee: User, sign_in: SignIn, address: str) -> None:
        client = sign_in(employee)

        hidden, absent = client.get(f"/policies/secret/{address}"), client.get(f"/policies/absent/{address}")

        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert len(hidden.content) == len(absent.content)

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_policy_for_others_is_404(self, few: Version, employee: User, sign_in: SignIn, address: str) -> None:
        assert sign_in(employee).get(f"/policies/few/{address}").status_code == 404

    @pytest.mark.parametrize("address", ["edit/preview/", "edit/forget/", "submit/", "discard/", "start/", "publish/"])
    def test_writing_is_404_for_readers(self, secret: Version, employee: User, sign_in: SignIn, address: str) -> None:
        assert sign_in(employee).post(f"/policies/secret/{address}", {"text": "x"}).status_code == 404

    def test_an_open_version_of_a_public_policy_is_404(
        self, policy: Policy, strategist: User, employee: User, sign_in: SignIn
    ) -> None:
        sign_in(strategist).post("/policies/social-media/start/")
        client = sign_in(employee)

        assert client.get("/policies/social-media/versions/1.1/").status_code == 404
        assert client.get("/policies/social-media/compare/?from=1.0&to=1.1").status_code == 404
        assert client.get("/policies/social-media/edit/").status_code == 404
        assert "1.1" not in client.get("/policies/social-media/history/").content.decode()

    def test_an_old_version_is_for_those_who_signed_it(
        self, version: Version, employee: User, executive: User, strategist: User, approver: User, sign_in: SignIn
    ) -> None:
        sign(employee, version)
        next_version(version.policy, writer=strategist, approver=approver)

        for address in ("versions/1.0/", "compare/?from=1.0&to=2.0"):
            assert sign_in(employee).get(f"/policies/social-media/{address}").status_code == 200
            assert sign_in(executive).get(f"/policies/social-media/{address}").status_code == 404

    def test_readers_cannot_compare_backwards(
        self, version: Version, employee: User, strategist: User, approver: User, sign_in: SignIn
    ) -> None:
        sign(employee, version)
        next_version(version.policy, writer=strategist, approver=approver)

        assert sign_in(employee).get("/policies/social-media/compare/?from=2.0&to=1.0").status_code == 404
        assert sign_in(strategist).get("/policies/social-media/compare/?from=2.0&to=1.0").status_code == 200

    @pytest.mark.parametrize("number", ["1", "1.x", "-1.0", "1.0.0", "99999999999.0"])
    def test_a_number_that_is_none_is_404(
        self, version: Version, strategist: User, sign_in: SignIn, number: str
    ) -> None:
        assert sign_in(strategist).get(f"/policies/social-media/versions/{number}/").status_code == 404

    def test_a_receipt_is_for_its_person_and_for_strategists(
        self, version: Version, employee: User, executive: User, strategist: User, sign_in: SignIn
    ) -> None:
        address = f"/policies/receipts/{sign(employee, version).reference}/"

        found = {person.name: sign_in(person).get(address).status_code for person in (employee, executive, strategist)}
        assert found == {employee.name: 200, executive.name: 404, strategist.name: 200}


class TestClause:
    def address(self, anchor: str = "say-whom-you-work-for") -> str:
        return f"/policies/social-media/clauses/{anchor}/"

    def test_in_force(self, version: Version, employee: User, sign_in: SignIn) -> None:
        assert sign_in(employee).get(self.address()).context["life"].state == "current"

    def test_changed(self, version: Version, employee: User, strategist: User, approver: User, sign_in: SignIn) -> None:
        text = version.text.replace("Write it in the post itself.", "Write it first.")
        next_version(version.policy, writer=strategist, approver=approver, text=text)

        assert sign_in(employee).get(self.address()).context["life"].state == "changed"
        assert sign_in(employee).get(self.address("never-name-a-patient")).context["life"].state == "current"

    def test_removed(self, version: Version, employee: User, strategist: User, approver: User, sign_in: SignIn) -> None:
        next_version(version.policy, writer=strategist, approver=approver, text="## Other {#other}")

        response = sign_in(employee).get(self.address())

        assert response.context["life"].state == "removed"
        assert "Write it in the post itself" not in response.content.decode()

    def test_never_there(self, version: Version, employee: User, sign_in: SignIn) -> None:
        assert sign_in(employee).get(self.address("never")).status_code == 404

    def test_a_clause_that_is_only_in_a_draft_is_not_there(
        self, secret: Version, strategist: User, sign_in: SignIn
    ) -> None:
        assert sign_in(strategist).get("/policies/secret/clauses/say-whom-you-work-for/").status_code == 404


class TestHistory:
    @pytest.mark.parametrize("number", [1, 3])
    def test_constant_queries(
        self,
        version: Version,
        employee: User,
        strategist: User,
        approver: User,
        sign_in: SignIn,
        number: int,
        django_assert_num_queries: Callable[..., object],
    ) -> None:
        for _each in range(number - 1):
            next_version(version.policy, writer=strategist, approver=approver, change=Change.MINOR)
        client = sign_in(employee)
        client.get("/policies/social-media/history/")

        with django_assert_num_queries(4):  # type: ignore[attr-defined]
            client.get("/policies/social-media/history/")

    def test_a_retired_policy_is_gone_for_readers_and_kept_for_strategists(
        self, version: Version, employee: User, strategist: User, sign_in: SignIn
    ) -> None:
        sign_in(strategist).post("/policies/social-media/retire/")

        assert sign_in(employee).get("/policies/social-media/history/").status_code == 404
        assert sign_in(strategist).get("/policies/social-media/").headers["Location"] == (
            "/policies/social-media/history/"
        )
