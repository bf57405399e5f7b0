import pytest

from coe_portal.people.models import User
from coe_portal.search.models import Synonym
from coe_portal.search.queries import find, suggest
from coe_portal.search.wording import Part, parts_of, taken_apart
from tests.factories.search import SearchDocumentFactory

pytestmark = pytest.mark.django_db


def titles(found):
    return [each.title for each in found]


def test_quotes_and_minus_are_taken_apart():
    typed = taken_apart('photo "patient story" -video -"no consent" x-ray')

    assert typed.words == ["photo", "x", "ray"]
    assert typed.phrases == [("patient", "story")]
    assert typed.without == [("video",), ("no", "consent")]


@pytest.mark.parametrize("text", ['"', '""', "-", '-""', '"patient photos', '- "', "--", '-"-'])
def test_half_typed_operators_do_not_fail(text: str, employee: User):
    SearchDocumentFactory(title="Patient photos")

    find(employee, text)
    suggest(employee, text)


def test_words_in_quotes_are_found_in_this_order(employee: User):
    SearchDocumentFactory(title="Photos of patients")
    SearchDocumentFactory(title="Patients and photos")
    SearchDocumentFactory(title="Patient photos")

    assert titles(find(employee, '"patient photos"').rows) == ["Patient photos"]


def test_a_minus_leaves_out(employee: User):
    SearchDocumentFactory(title="Photos of patients")
    SearchDocumentFactory(title="Photos of the building")

    assert titles(find(employee, "photos -patients").rows) == ["Photos of the building"]


def test_a_minus_alone_finds_nothing(employee: User):
    SearchDocumentFactory(title="Photos of patients")

    assert find(employee, "-building").total == 0


def test_the_longest_known_term_is_one_part():
    synonyms = {("patient", "information"): [("phi",)], ("patient",): [("client",)]}

    assert parts_of(["patient", "information", "patient"], synonyms) == [
        Part(("patient", "information"), [("phi",)]),
        Part(("patient",), [("client",)]),
    ]


def test_equal_words_find_each_other(employee: User):
    SearchDocumentFactory(title="Pictures of staff")
    SearchDocumentFactory(title="Photos of staff")
    Synonym.objects.create(words=["photo", "picture"])

    assert set(titles(find(employee, "picture staff").rows)) == {"Pictures of staff", "Photos of staff"}
    assert find(employee, "photo staff").total == 2
    assert len(suggest(employee, "photo")) == 2


def test_one_way_goes_one_way(employee: User):
    SearchDocumentFactory(title="Patient information online")
    SearchDocumentFactory(title="PHI")
    Synonym.objects.create(words=["phi"], also=["patient information"])

    assert set(titles(find(employee, "PHI").rows)) == {"PHI", "Patient information online"}
    assert titles(find(employee, "patient information").rows) == ["Patient information online"]


def test_a_synonym_of_one_language_is_not_used_for_the_other(employee: User):
    SearchDocumentFactory(title="Fotografía")
    Synonym.objects.create(words=["photo", "fotografía"], language="es")

    assert find(employee, "photo").total == 0
    employee.language = "es"
    assert find(employee, "photo").total == 1


def test_spanish_texts_are_found_by_their_stems(employee: User):
    SearchDocumentFactory(title="Fotografías de pacientes", language="es")
    employee.language = "es"

    assert titles(find(employee, "fotografía del paciente").rows) == ["Fotografías de pacientes"]


def test_a_reader_of_spanish_also_finds_english_texts(employee: User):
    SearchDocumentFactory(title="Photos of patients")
    employee.language = "es"

    assert titles(find(employee, "the photo of a patient").rows) == ["Photos of patients"]


@pytest.mark.parametrize(("language", "title"), [("en", "Hospital news"), ("es", "Noticias del hospital")])
def test_an_object_in_two_languages_is_found_once_in_the_readers(language: str, title: str, employee: User):
    SearchDocumentFactory(object_id=7, title="Hospital news")
    SearchDocumentFactory(object_id=7, title="Noticias del hospital", language="es")
    employee.language = language

    results = find(employee, "hospital")

    assert (titles(results.rows), results.total) == ([title], 1)
    assert titles(suggest(employee, "hospi")) == [title]


def test_a_phrase_is_found_in_a_body_and_counted(employee: User):
    SearchDocumentFactory(title="Rules", body="No patient photos here.")
    SearchDocumentFactory(title="Rules too", body="Photos of a patient.")

    results = find(employee, '"patient photos"')

    assert (titles(results.rows), results.total, [each.count for each in results.kinds]) == (["Rules"], 1, [1])


def test_pages_of_many_results_hold_each_once(employee: User):
    SearchDocumentFactory.create_batch(230, title="Rules", body="patient photos")
    SearchDocumentFactory.create_batch(15, title="Patient photos")

    pages = [find(employee, "photos", page=number).rows for number in (1, 2, 13)]

    assert titles(pages[0]) == ["Patient photos"] * 15 + ["Rules"] * 5
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({row.url for page in pages for row in page}) == 45
