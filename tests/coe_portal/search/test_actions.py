from datetime import UTC, datetime

import pytest

from coe_portal import contributions
from coe_portal.contributions import Contribution, Document, register
from coe_portal.people.models import Audience, User
from coe_portal.search import actions
from coe_portal.search.models import SearchDocument, SearchWord
from coe_portal.search.spelling import correction
from tests.factories.people import AudienceFactory
from tests.factories.search import SearchDocumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rooms() -> dict[int, Audience]:
    """Who may read a note; one that is not in here is for everybody."""
    return {}


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch, rooms: dict[int, Audience]) -> dict[int, str]:
    """An app that contributes the notes in this dictionary."""
    found: dict[int, str] = {}

    def documents(ids):
        return [note(key, body, rooms.get(key)) for key, body in found.items() if ids is None or key in ids]

    monkeypatch.setattr(contributions, "_registered", {})
    register(Contribution(app="notes", documents={"note": documents}, document_labels={"note": "Note"}))
    return found


def note(key: int, body: str, room: Audience | None) -> Document:
    at, audience_id = datetime(2026, 3, 1, tzinfo=UTC), room.pk if room else None
    return Document("note", key, f"Note {key}", "", body, f"/notes/{key}/", audience_id, at)


def bodies() -> dict[int, str]:
    return dict(SearchDocument.objects.values_list("object_id", "body"))


def test_refresh_writes_changes_and_removes(notes: dict[int, str]):
    notes.update({1: "one", 2: "two"})
    actions.refresh("note", [1, 2])
    notes[1] = "one again"
    del notes[2]

    actions.refresh("note", [1, 2])

    assert bodies() == {1: "one again"}


def test_refresh_leaves_others_alone(notes: dict[int, str]):
    notes.update({1: "one", 2: "two"})
    actions.refresh("note", [1, 2])
    notes.clear()

    actions.refresh("note", [1])

    assert bodies() == {2: "two"}


def test_rebuild_is_the_same_as_refreshing_everything(notes: dict[int, str]):
    SearchDocumentFactory(kind="of an app that is gone")
    notes.update({1: "one", 2: "two"})

    assert actions.rebuild() == 2
    assert bodies() == {1: "one", 2: "two"}


def words() -> set[str]:
    return set(SearchWord.objects.values_list("word", flat=True))


def test_words_come_and_go_with_their_documents(notes: dict[int, str]):
    notes[1] = "Pneumonia, 2026 and x1"
    actions.refresh("note", [1])
    assert words() == {"note", "pneumonia", "and"}

    notes[1] = "Measles"
    actions.refresh("note", [1])
    assert words() == {"note", "measles"}

    notes.clear()
    actions.refresh("note", [1])
    assert words() == set()


def test_a_word_stays_that_another_document_of_the_same_audience_holds(notes: dict[int, str]):
    notes.update({1: "Pneumonia", 2: "Pneumonia and measles"})
    actions.refresh("note", [1, 2])

    del notes[1]
    actions.refresh("note", [1])

    assert words() == {"note", "pneumonia", "and", "measles"}


def test_the_words_of_a_document_go_from_the_audience_that_may_no_longer_read_it(
    notes: dict[int, str], rooms: dict[int, Audience], employee: User
):
    everyone, board = Audience.objects.everyone(), AudienceFactory()
    notes[1], rooms[1] = "Quokka", everyone
    actions.refresh("note", [1])
    assert correction(employee, "quoka") == "quokka"

    rooms[1] = board
    actions.refresh("note", [1])

    assert correction(employee, "quoka") == ""
    assert SearchWord.objects.get(word="quokka").audience == board


def test_words_are_counted_anew_by_the_rebuild(notes: dict[int, str]):
    notes.update({1: "Measles", 2: "Measles"})
    actions.refresh("note", [1])
    actions.refresh("note", [2])

    actions.rebuild_words()

    assert dict(SearchWord.objects.values_list("word", "documents")) == {"note": 2, "measles": 2}


def test_a_text_with_what_postgresql_refuses_is_indexed_all_the_same(notes: dict[int, str]):
    notes[1] = "before\x00after " + "long " * 100_000

    actions.refresh("note", [1])

    assert bodies()[1].startswith("before after long")
