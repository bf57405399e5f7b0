from datetime import UTC, datetime

import pytest

from coe_portal import contributions
from coe_portal.contributions import Contribution, Document, register
from coe_portal.search import actions
from coe_portal.search.models import SearchDocument, SearchWord
from tests.factories.search import SearchDocumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """An app that contributes the notes in this dictionary."""
    found: dict[int, str] = {}

    def documents(ids):
        return [note(key, body) for key, body in found.items() if ids is None or key in ids]

    monkeypatch.setattr(contributions, "_registered", {})
    register(Contribution(app="notes", documents={"note": documents}, document_labels={"note": "Note"}))
    return found


def note(key: int, body: str) -> Document:
    return Document("note", key, f"Note {key}", "", body, f"/notes/{key}/", None, datetime(2026, 3, 1, tzinfo=UTC))


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


def test_words_come_with_documents_and_go_with_the_next_rebuild(notes: dict[int, str]):
    notes[1] = "Pneumonia, 2026 and x1"
    actions.refresh("note", [1])
    assert set(SearchWord.objects.values_list("word", flat=True)) == {"note", "pneumonia", "and"}

    notes[1] = "Measles"
    actions.refresh("note", [1])
    actions.rebuild_words()

    assert set(SearchWord.objects.values_list("word", flat=True)) == {"note", "measles"}


def test_a_text_with_what_postgresql_refuses_is_indexed_all_the_same(notes: dict[int, str]):
    notes[1] = "before\x00after " + "long " * 100_000

    actions.refresh("note", [1])

    assert bodies()[1].startswith("before after long")
