"""Nobody reads a code in the trail: every verb that can be written has its words, in both languages."""

from pathlib import Path

import pytest
from django.utils import translation

from coe_portal.audit.words import FORMER, VERBS, in_words, name_in_words, value_in_words
from tests.coe_portal.audit import verbs
from tests.coe_portal.audit.verbs import recorded_verbs, written_by_sql


def test_every_verb_that_is_written_has_words():
    assert sorted(recorded_verbs() - set(VERBS)) == []


def test_no_words_stand_for_what_nobody_writes():
    """But for what older trails hold."""
    assert sorted(set(VERBS) - recorded_verbs() - FORMER) == []
    assert sorted(FORMER - set(VERBS)) == []


def test_nothing_is_written_past_the_recording():
    assert written_by_sql() == []


@pytest.mark.parametrize("verb", VERBS)
def test_the_words_are_words_in_both_languages(verb: str):
    english, spanish = in_words(verb), ""
    with translation.override("es"):
        spanish = in_words(verb)

    assert not {".", "_"} & set(english + spanish)
    assert english != spanish


def test_a_verb_that_cannot_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "actions.py").write_text("def act(by, on, name):\n    record(by=by, on=on, verb=name())\n")
    monkeypatch.setattr(verbs, "ROOT", tmp_path)

    with pytest.raises(LookupError, match=r"training/actions.py:2: which verbs are these\? name\(\)"):
        recorded_verbs()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ([], ""),
        (True, "yes"),
        (False, "no"),
        (1200, "1200"),
        (["scim", "read"], "scim, read"),
        ({"from": True}, "from: yes"),
        ("2026-11-28", "Nov. 28, 2026"),
        ("2026-13-28", "2026-13-28"),
        ("07:30:00", "7:30 a.m."),
        ("2026-11-28T10:00:00", "Nov. 28, 2026, 10 a.m."),
        ("Tea at T", "Tea at T"),
        ("at_once", "at once"),
    ],
)
def test_values_are_written_as_people_write_them(value: object, words: str):
    assert value_in_words(value) == words


def test_values_are_written_in_the_language_of_the_reader():
    with translation.override("es"):
        assert [value_in_words(True), value_in_words("2026-11-28")] == ["sí", "28 de noviembre de 2026"]


@pytest.mark.parametrize(
    ("key", "english", "spanish"),
    [
        ("digest_at", "daily mail at", "correo diario a las"),
        ("department", "department", "departamento"),
        ("announcement.reminder", "Reminder to confirm an announcement", "Recordatorio de confirmar un anuncio"),
        ("not.known_yet", "not known yet", "not known yet"),
    ],
)
def test_names_of_details_are_words_of_the_reader(key: str, english: str, spanish: str):
    said = []
    for language in ("en", "es"):
        with translation.override(language):
            said.append(name_in_words(key))

    assert said == [english, spanish]
