from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.people.models import User
from coe_portal.search import actions, misses
from coe_portal.search.models import MissedTerm, SettledTerm, Synonym
from coe_portal.search.tending import explained, missed_terms
from tests.factories.people import PersonFactory
from tests.factories.search import SearchDocumentFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
MONDAY = date(2026, 3, 2)


def ask(text: str, people: int, on: date = MONDAY) -> None:
    for number in range(people):
        misses.remember(person_id=number + 1, text=text, on=on)


def test_a_saved_synonym_counts_from_the_next_search_on(
    strategist: User, sign_in: SignIn, django_capture_on_commit_callbacks
):
    SearchDocumentFactory(title="Photos of patients")
    client = sign_in(strategist)
    assert client.get("/search/", {"q": "snapshot"}).context["results"].total == 0

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/search/synonyms/new/", {"words": "Photo, snapshot", "also": ""})

    assert response.url == "/search/synonyms/"
    assert Synonym.objects.get().words == ["photo", "snapshot"]
    assert client.get("/search/", {"q": "snapshot"}).context["results"].total == 1
    assert AuditEntry.objects.get().verb == "synonym.added"


def test_a_removed_synonym_counts_no_more(strategist: User, sign_in: SignIn, django_capture_on_commit_callbacks):
    SearchDocumentFactory(title="Photos of patients")
    synonym = actions.save_synonym(by=strategist, synonym=Synonym(), fields={"words": ["photo", "snapshot"]})
    client = sign_in(strategist)
    assert client.get("/search/", {"q": "snapshot"}).context["results"].total == 1

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/search/synonyms/{synonym.pk}/remove/")

    assert client.get("/search/", {"q": "snapshot"}).context["results"].total == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"words": "photo"},
        {"words": ""},
        {"words": "one two three four five six, other"},
        {"words": "photo, picture", "also": "photo"},
        {"words": ",".join(f"word{n}" for n in range(30))},
    ],
)
def test_what_is_no_group_is_refused_and_kept_in_the_form(fields: dict[str, str], strategist: User, sign_in: SignIn):
    response = sign_in(strategist).post("/search/synonyms/new/", fields)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Synonym.objects.exists()


@pytest.mark.parametrize("address", ["synonyms/", "synonyms/new/", "synonyms/1/", "missed/"])
def test_readers_do_not_tend_the_search(address: str, employee: User, sign_in: SignIn):
    assert sign_in(employee).get(f"/search/{address}").status_code == 403


@pytest.mark.parametrize("address", ["synonyms/1/remove/", "missed/settle/", "missed/reopen/"])
def test_readers_change_nothing(address: str, employee: User, sign_in: SignIn):
    assert sign_in(employee).post(f"/search/{address}").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_constant_number_of_queries(
    number: int, strategist: User, sign_in: SignIn, django_assert_num_queries
):
    for each in range(number):
        Synonym.objects.create(words=[f"word{each}", "other"])
    client = sign_in(strategist)
    client.get("/search/synonyms/")

    with django_assert_num_queries(1):
        client.get("/search/synonyms/")


def test_a_query_is_explained(strategist: User, sign_in: SignIn):
    Synonym.objects.create(words=["phi"], also=["patient information"])

    found = explained('the PHI "staff photo" -video', "en")
    page = sign_in(strategist).get("/search/synonyms/", {"try": "the PHI"}).content.decode()

    assert [(step.words, step.drops_out, step.same) for step in found.steps] == [
        ("the", True, []),
        ("phi", False, ["patient information"]),
    ]
    assert (found.phrases, found.without) == (["staff photo"], ["video"])
    assert "patient information" in page


def test_a_search_that_finds_nothing_writes_nothing_in_the_request(
    employee: User, sign_in: SignIn, django_assert_max_num_queries
):
    client = sign_in(employee)
    client.get("/search/", {"q": "another"})

    with django_assert_max_num_queries(10) as asked:
        client.get("/search/", {"q": "parking permit"})

    assert [query["sql"] for query in asked if query["sql"].lstrip().startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert misses.of_week(misses.week_of(timezone.localdate()))["parking permit"].times == 1


def test_what_is_found_is_no_miss(employee: User, sign_in: SignIn):
    SearchDocumentFactory(title="Photos of patients")

    sign_in(employee).get("/search/", {"q": "photo"})

    assert misses.of_week(misses.week_of(timezone.localdate())) == {}


def test_a_term_is_written_down_when_three_people_asked():
    ask("Parking  permit?", 3)
    ask("gift shop", 2)
    ask("one person again", 1)
    ask("one person again", 1)

    actions.note_misses(on=MONDAY)
    actions.note_misses(on=MONDAY)

    assert list(MissedTerm.objects.values_list("term", "week", "times", "people")) == [("parking permit", MONDAY, 3, 3)]
    assert missed_terms(MONDAY, settled=False).rare == 2


def test_nothing_like_patient_information_is_counted():
    ask("patient John Miller MRN 00482913", 5)

    assert misses.of_week(MONDAY) == {}


def test_nobody_can_be_read_from_what_is_kept():
    person = PersonFactory()
    misses.remember(person_id=person.pk, text="parking permit", on=MONDAY)

    kept = misses._server().ask_server(lambda server: [server.get(key) for key in server.keys("*parking permit*")], [])

    assert len(kept) == 1
    assert str(person.pk).encode() != kept[0]
    assert person.email.encode() not in kept[0]


def test_a_settled_term_comes_back_when_it_is_missed_again(strategist: User):
    ask("parking permit", 3)
    actions.note_misses(on=MONDAY)
    actions.settle(by=strategist, term="parking permit", at=datetime(2026, 3, 3, 12, tzinfo=UTC))

    assert missed_terms(MONDAY, settled=False).rows == []
    assert [row.term for row in missed_terms(MONDAY, settled=True).rows] == ["parking permit"]

    later = date(2026, 3, 9)
    ask("parking permit", 4, on=later)
    actions.note_misses(on=later)

    assert [(row.term, row.times) for row in missed_terms(later, settled=False).rows] == [("parking permit", 7)]


def test_a_term_is_settled_and_reopened_through_the_page(strategist: User, sign_in: SignIn):
    MissedTerm.objects.create(term="parking permit", week=misses.week_of(timezone.localdate()), times=4, people=3)
    client = sign_in(strategist)
    assert "parking permit" in client.get("/search/missed/").content.decode()

    client.post("/search/missed/settle/", {"term": "parking permit"})
    assert SettledTerm.objects.get().settled_by == strategist
    assert client.get("/search/missed/").context["missed"].rows == []

    client.post("/search/missed/reopen/", {"term": "parking permit"})
    assert not SettledTerm.objects.exists()
    assert client.post("/search/missed/settle/", {"term": "never asked"}).status_code == 404
