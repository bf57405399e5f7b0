import pytest

from coe_portal.people.models import User
from coe_portal.search import actions
from coe_portal.search.models import Synonym
from coe_portal.search.spelling import correction, distance
from tests.factories.people import speaker_of
from tests.factories.search import SearchDocumentFactory


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("photo", "photo", 0), ("phto", "photo", 1), ("phtoo", "photo", 1), ("patien", "patient", 1), ("hippa", "hip", 2)],
)
def test_a_slip_is_a_letter_left_out_put_in_mistaken_or_swapped(one: str, other: str, slips: int):
    assert (distance(one, other), distance(other, one)) == (slips, slips)


@pytest.fixture
def words(db: None) -> None:
    SearchDocumentFactory(title="Patients, photos and vaccines: who is off today, and your hip", body="")
    actions.rebuild_words()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("pateints photso", "patients photos"), ("phtos", "photos"), ("vacines", "vaccines")],
)
def test_what_is_a_slip_away_was_meant(employee: User, words: None, typed: str, meant: str):
    assert correction(employee, typed) == meant


@pytest.mark.parametrize("typed", ["hippa", "vacaciones", "of us", "this", "photos4", "photos"])
def test_another_word_is_no_slip(employee: User, words: None, typed: str):
    assert correction(employee, typed) == ""


def test_what_strategists_wrote_down_is_no_slip(employee: User, words: None):
    actions.save_synonym(by=employee, synonym=Synonym(), fields={"words": ["photoz"], "also": ["photos"]})

    assert correction(employee, "photoz") == ""


def test_a_common_word_of_the_readers_language_is_no_slip(words: None):
    assert correction(speaker_of("es"), "para todos") == ""
