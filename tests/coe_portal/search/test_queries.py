import pytest

from coe_portal.people.models import User
from coe_portal.search import actions
from coe_portal.search.queries import correction, find, marked, suggest, words_of
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
