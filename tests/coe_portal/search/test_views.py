from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.people.models import User
from tests.factories.people import AudienceFactory
from tests.factories.search import SearchDocumentFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


def test_results_lead_to_what_was_found(employee: User, sign_in: SignIn):
    SearchDocumentFactory(title="Photos of patients", url="/policies/photos/")

    page = sign_in(employee).get("/search/", {"q": "photos"}).content.decode()

    assert '<a href="/policies/photos/">Photos of patients</a>' in page
    assert "1 result" in page


def test_nothing_found_offers_to_ask(employee: User, sign_in: SignIn):
    page = sign_in(employee).get("/search/", {"q": "parking & rides"}).content.decode()

    assert "/feedback/ask/?title=parking%20%26%20rides" in page


def test_hidden_documents_change_nothing(employee: User, sign_in: SignIn):
    SearchDocumentFactory(title="Photos of patients")
    client = sign_in(employee)
    before = client.get("/search/", {"q": "photos"}).context["results"]

    SearchDocumentFactory(title="Photos for the board", audience=AudienceFactory())

    assert client.get("/search/", {"q": "photos"}).context["results"] == before


def test_a_kind_is_chosen_by_address(employee: User, sign_in: SignIn):
    SearchDocumentFactory(title="Photos", kind="policy")
    SearchDocumentFactory(title="Photos too", kind="announcement")

    results = sign_in(employee).get("/search/", {"q": "photos", "kind": "announcement"}).context["results"]

    assert [row.title for row in results.rows] == ["Photos too"]


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"page": "x"}, {"page": "-1"}, {"page": "99999999999"}, {"q": "\x00"}]
)
def test_a_hand_written_address_does_not_fail(query: dict[str, str], employee: User, sign_in: SignIn):
    SearchDocumentFactory()

    assert sign_in(employee).get("/search/", {"q": "photos", **query}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_a_search_takes_a_constant_number_of_queries(
    number: int, employee: User, sign_in: SignIn, django_assert_num_queries
):
    SearchDocumentFactory.create_batch(number)
    client = sign_in(employee)
    client.get("/search/", {"q": "photos"})

    with django_assert_num_queries(4):
        client.get("/search/", {"q": "photos"})


def test_suggestions_are_a_short_list(employee: User, sign_in: SignIn):
    SearchDocumentFactory.create_batch(7)

    page = sign_in(employee).get("/search/suggestions/", {"q": "pho"}).content.decode()

    assert page.count("Photos of patients") == 5
    assert "<html" not in page


def test_suggestions_for_nothing_are_nothing(employee: User, sign_in: SignIn):
    assert sign_in(employee).get("/search/suggestions/").content.strip() == b""


def test_a_megabyte_of_brackets_is_answered_soon(employee: User, sign_in: SignIn):
    response = sign_in(employee).get("/search/", {"q": "[" * 60_000})

    assert response.status_code == 200
