import re
from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.contributions import document_labels
from coe_portal.people.models import User
from coe_portal.search.actions import rebuild_words
from coe_portal.search.spelling import correction
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


@pytest.mark.parametrize("kind", sorted(document_labels()))
def test_hidden_documents_of_every_kind_change_nothing_at_any_door(kind: str, employee: User, sign_in: SignIn):
    SearchDocumentFactory(title="Photos of patients", kind="policy")
    rebuild_words()
    client = sign_in(employee)
    doors = [
        ("/search/", {"q": "photos"}),
        ("/search/", {"q": "photoz"}),
        ("/search/", {"q": "photos", "kind": kind}),
        ("/search/", {"q": '"photos of" -nothing'}),
        ("/search/", {"q": "photosynthesis"}),
        ("/search/suggestions/", {"q": "pho"}),
        ("/search/suggestions/", {"q": "photosynthesis"}),
    ]
    before = [(client.get(path, query).content, correction(employee, query["q"])) for path, query in doors]

    hidden = AudienceFactory()
    for language in ("en", "es"):
        for title in ("Photos photoz", "Photosynthesis", "Photos of the board"):
            SearchDocumentFactory(kind=kind, title=title, audience=hidden, language=language)
    rebuild_words()

    for (path, query), (body, meant) in zip(doors, before, strict=True):
        after, then = without_tokens(client.get(path, query).content), without_tokens(body)
        assert after.splitlines() == then.splitlines()
        assert correction(employee, query["q"]) == meant


def without_tokens(body: bytes) -> bytes:
    return re.sub(rb'(name="csrfmiddlewaretoken" value|data-session-left)="\w+"', b"", body)


def test_a_kind_is_chosen_by_address(employee: User, sign_in: SignIn):
    SearchDocumentFactory(title="Photos", kind="policy")
    SearchDocumentFactory(title="Photos too", kind="announcement")

    results = sign_in(employee).get("/search/", {"q": "photos", "kind": "announcement"}).context["results"]

    assert [row.title for row in results.rows] == ["Photos too"]


@pytest.mark.parametrize("query", [{"kind": "x"}, {"page": "x"}, {"page": "-1"}, {"page": "99999999999"}])
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

    with django_assert_num_queries(6):
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


def test_the_search_page_is_not_home(employee: User, sign_in: SignIn):
    links = sign_in(employee).get("/search/").context["shell"].nav

    assert [link.label for link in links if link.active] == []


def test_home_is_home(employee: User, sign_in: SignIn):
    links = sign_in(employee).get("/").context["shell"].nav

    assert [link.url for link in links if link.active] == ["/"]


def test_what_is_typed_stays_out_of_the_database(employee: User, sign_in: SignIn, django_assert_num_queries):
    client = sign_in(employee)
    client.get("/search/suggestions/", {"q": "quokka"})

    with django_assert_num_queries(2) as asked:
        client.get("/search/suggestions/", {"q": "quokka"})

    assert all("SELECT" in query["sql"] for query in asked)


def test_what_is_near_stands_below_few_results_and_leads_to_the_center(employee: User, sign_in: SignIn):
    SearchDocumentFactory(title="Photos and patients", body="", url="/policies/photos/")
    SearchDocumentFactory(title="Photos of the building", body="", url="/policies/building/")
    client = sign_in(employee)

    some = client.get("/search/", {"q": "photos patients"}).content.decode()
    none = client.get("/search/", {"q": "photos instagram"}).content.decode()

    assert some.index("/policies/photos/") < some.index("With some of the words") < some.index("/policies/building/")
    assert "Nothing has all of these words. The nearest:" in none
    assert "/feedback/ask/?title=photos%20instagram" in none


def test_a_text_without_a_word_says_what_to_write(employee: User, sign_in: SignIn):
    page = sign_in(employee).get("/search/", {"q": "-video"}).content.decode()

    assert "There is no word to look for" in page


def test_nothing_of_a_kind_leads_to_everything(employee: User, sign_in: SignIn):
    SearchDocumentFactory(title="Photos", kind="policy")

    page = sign_in(employee).get("/search/", {"q": "photos", "kind": "topic"}).content.decode()

    assert "Nothing of this kind fits." in page
    assert '<a href="?q=photos">Look in everything</a>' in page
