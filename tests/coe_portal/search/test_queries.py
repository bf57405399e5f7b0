from datetime import UTC, datetime

import pytest

from coe_portal.people.models import Audience, User
from coe_portal.search import actions
from coe_portal.search.models import SearchDocument, SearchWord
from coe_portal.search.queries import CANDIDATES, COUNT_AT_MOST, PAGE_SIZE, find, marked, suggest
from coe_portal.search.spelling import correction
from coe_portal.search.wording import words_of
from tests.factories.people import AudienceFactory
from tests.factories.search import SearchDocumentFactory

pytestmark = pytest.mark.django_db


def titles(found):
    return [each.title for each in found]


def test_find_reads_title_lead_and_body(employee: User):
    SearchDocumentFactory(title="Photos of patients")
    SearchDocumentFactory(title="Consent", lead="What to ask before a photo")
    SearchDocumentFactory(title="Care stories", body="Send the photograph and the photos to us.")
    SearchDocumentFactory(title="Parking")

    results = find(employee, "photos")

    assert titles(results.rows) == ["Photos of patients", "Consent", "Care stories"]
    assert results.total == 3


def test_find_wants_every_word(employee: User):
    SearchDocumentFactory(title="Photos of patients")
    SearchDocumentFactory(title="Photos of the building")

    results = find(employee, "photos patients")

    assert titles(results.rows) == ["Photos of patients"]


def test_find_takes_the_last_word_as_half_typed(employee: User):
    SearchDocumentFactory(title="Nursing week")

    assert titles(find(employee, "nursin").rows) == ["Nursing week"]


def test_find_shows_nothing_of_other_audiences(employee: User):
    SearchDocumentFactory(title="Photos for the board", audience=AudienceFactory())
    SearchDocumentFactory(title="Photos of patients")

    results = find(employee, "photos")

    assert titles(results.rows) == ["Photos of patients"]
    assert [(each.kind, each.count) for each in results.kinds] == [("policy", 1)]


def test_find_counts_the_kinds_whatever_kind_is_chosen(employee: User):
    SearchDocumentFactory.create_batch(2, kind="policy")
    SearchDocumentFactory(kind="topic")

    results = find(employee, "photos", kind="topic")

    assert results.total == 1
    assert [(each.kind, each.count) for each in results.kinds] == [("policy", 2), ("topic", 1)]


def test_find_gives_twenty_a_page(employee: User):
    SearchDocumentFactory.create_batch(21)

    first, second = find(employee, "photos"), find(employee, "photos", page=2)

    assert (len(first.rows), first.has_next) == (20, True)
    assert (len(second.rows), second.has_next) == (1, False)
    assert not {each.url for each in first.rows} & {each.url for each in second.rows}


def test_find_shows_the_last_page_for_a_page_that_is_not_there(employee: User):
    SearchDocumentFactory()

    assert find(employee, "photos", page=99).page == 1


def test_find_marks_the_words(employee: User):
    SearchDocumentFactory(title="Consent", lead="Ask before a photo")

    (row,) = find(employee, "photo").rows

    assert row.snippet == "Ask before a <mark>photo</mark>"


def test_marked_escapes_everything_but_the_marks():
    assert marked("<b>\ue000photo\ue001</b>") == "&lt;b&gt;<mark>photo</mark>&lt;/b&gt;"


def test_find_searches_for_what_was_meant(employee: User):
    SearchDocumentFactory(title="Acknowledgement of a policy")
    actions.rebuild_words()

    results = find(employee, "aknowledgment")

    assert titles(results.rows) == ["Acknowledgement of a policy"]
    assert results.corrected == "acknowledgement"


def test_correction_offers_no_word_of_another_audience(employee: User):
    SearchDocumentFactory(title="Acknowledgement", audience=AudienceFactory())
    actions.rebuild_words()

    assert correction(employee, "aknowledgment") == ""


@pytest.mark.parametrize("text", ["", "   ", "'", "!!! & | :* <->", "\x00", "(", "\\"])
def test_find_without_a_word_finds_nothing(employee: User, text: str):
    SearchDocumentFactory()

    assert find(employee, text).total == 0


@pytest.mark.parametrize("text", ["photos & !patients", "photos'", "photos:*", "photos | (", 'photos "'])
def test_find_takes_operators_for_spaces(employee: User, text: str):
    SearchDocumentFactory(title="Photos of patients")

    assert titles(find(employee, text).rows) == ["Photos of patients"]


def test_find_with_common_words_alone_looks_at_titles(employee: User):
    SearchDocumentFactory(title="How to begin")

    assert titles(find(employee, "how").rows) == ["How to begin"]


def test_find_leaves_common_words_out(employee: User):
    SearchDocumentFactory(title="Photos of patients")

    assert titles(find(employee, "what about the photos of the").rows) == ["Photos of patients"]


def test_suggest_completes_the_last_word(employee: User):
    SearchDocumentFactory(title="Photos of patients", lead="Ask first.", url="/policies/photos/")
    SearchDocumentFactory(title="Parking")

    (found,) = suggest(employee, "pho")

    assert (found.title, found.url, found.snippet) == ("Photos of patients", "/policies/photos/", "Ask first.")


def test_suggest_falls_back_on_the_words_that_say_most(employee: User):
    SearchDocumentFactory(title="Photos of patients")
    SearchDocumentFactory(title="Parking")
    actions.rebuild_words()

    found = suggest(employee, "Can I put photos of my birthday party on my page?")

    assert titles(found) == ["Photos of patients"]


def test_suggest_shows_nothing_of_other_audiences(employee: User):
    SearchDocumentFactory(audience=AudienceFactory())

    assert suggest(employee, "photos") == []


def test_suggest_gives_as_many_as_asked_for(employee: User):
    SearchDocumentFactory.create_batch(4)

    assert len(suggest(employee, "photos", limit=3)) == 3


def test_words_of_caps_the_number_of_words():
    assert len(words_of("word " * 500)) == 12


def test_find_offers_what_has_some_of_the_words_where_few_have_all(employee: User):
    SearchDocumentFactory(title="Photos and patients", body="")
    SearchDocumentFactory(title="Photos of the building", body="")
    SearchDocumentFactory(title="Patients write reviews", body="")
    SearchDocumentFactory(title="Parking", body="")
    actions.rebuild_words()

    results = find(employee, "may I show photos of patients on instagram")

    assert (titles(results.rows), results.total) == ([], 0)
    assert titles(results.near)[0] == "Photos and patients"
    assert set(titles(results.near)) == {"Photos and patients", "Photos of the building", "Patients write reviews"}
    assert results.found_nothing


def test_find_shows_nothing_twice(employee: User):
    SearchDocumentFactory(title="Photos and patients", body="")
    SearchDocumentFactory(title="Photos of the building", body="")

    results = find(employee, "photos patients")

    assert titles(results.rows) == ["Photos and patients"]
    assert titles(results.near) == ["Photos of the building"]


def test_what_is_near_is_of_the_kind_that_was_chosen_and_of_nobody_else(employee: User):
    SearchDocumentFactory(title="Photos", body="", kind="policy")
    SearchDocumentFactory(title="Photos too", body="", kind="topic")
    SearchDocumentFactory(title="Photos of the board", body="", kind="policy", audience=AudienceFactory())

    assert titles(find(employee, "photos patients", kind="policy").near) == ["Photos"]


def test_one_word_or_an_exact_query_has_nothing_near(employee: User):
    SearchDocumentFactory(title="Photos and patients", body="")

    assert [find(employee, text).near for text in ("video", '"patients photos"', "video photos -patients")] == [
        [],
        [],
        [],
    ]


@pytest.mark.parametrize("text", ["😀", "-photos", "!!!"])
def test_without_a_word_to_look_for_nothing_was_missed(employee: User, text: str):
    results = find(employee, text)

    assert (results.wants_something, results.found_nothing) == (False, False)


def test_a_rule_comes_before_what_somebody_said_about_it(employee: User):
    SearchDocumentFactory(title="Photos", body="", kind="topic", weight=0.7)
    SearchDocumentFactory(title="Photos", body="", kind="policy", weight=2.0)

    assert [each.kind for each in find(employee, "photos").rows] == ["policy", "topic"]
    assert [each.kind for each in suggest(employee, "pho")] == ["policy", "topic"]


def test_what_very_many_documents_have_is_counted_so_far_and_found_with_rules_first(employee: User):
    old, new = datetime(2021, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    chatter = SearchDocumentFactory.build_batch(COUNT_AT_MOST + 20, kind="topic", weight=0.7, changed_at=new)
    SearchDocument.objects.bulk_create(chatter)
    SearchDocumentFactory(title="Photos of patients", kind="policy", weight=2.0, changed_at=old)

    results = find(employee, "photos")
    last = find(employee, "photos", page=99)

    assert (results.total, results.more) == (COUNT_AT_MOST, True)
    assert sum(each.count for each in results.kinds) == CANDIDATES
    assert [each.kind for each in results.rows] == ["policy"] + ["topic"] * (PAGE_SIZE - 1)
    assert (last.page, len(last.rows)) == (COUNT_AT_MOST // PAGE_SIZE, PAGE_SIZE)


def test_a_word_that_many_documents_have_is_a_whole_one(employee: User, everyone: Audience):
    SearchWord.objects.create(word="photo", audience=everyone, documents=COUNT_AT_MOST + 1)
    SearchDocumentFactory(title="A photo")
    SearchDocumentFactory(title="Photocopiers")

    assert titles(find(employee, "photo").rows) == ["A photo"]
    assert sorted(titles(find(employee, "phot").rows)) == ["A photo", "Photocopiers"]
