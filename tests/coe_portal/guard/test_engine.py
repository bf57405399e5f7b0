import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_portal.guard.engine import LONGEST, find, mark
from coe_portal.guard.findings import WORDS, Finding, Kind
from tests.coe_portal.guard.posts import ORDINARY_POSTS, PATIENT_POSTS

WRITTEN = st.lists(st.one_of(st.sampled_from(PATIENT_POSTS + ORDINARY_POSTS), st.text(max_size=60)), max_size=5).map(
    " ".join
)


def shown(text: str) -> list[tuple[Kind, str]]:
    return [(each.kind, text[each.start : each.end]) for each in find(text)]


@given(WRITTEN)
def test_findings_lie_in_the_text_in_order_without_overlap(text: str) -> None:
    findings = find(text)

    edges = [edge for each in findings for edge in (each.start, each.end)]
    assert edges == sorted(edges)
    assert all(0 <= each.start < each.end <= len(text) and 0.5 <= each.score <= 1 for each in findings)


@given(WRITTEN)
def test_marking_loses_and_adds_nothing_but_marks(text: str) -> None:
    plain = find(text)
    html = str(mark(text, plain))

    assert html.count("<mark ") == len(plain)
    assert "<" not in html.replace("<mark ", "").replace("</mark>", "").replace("<sup>", "").replace("</sup>", "")


@given(st.integers(1, 665), st.integers(1, 99), st.integers(1, 9999))
def test_every_assigned_social_security_number_is_found(area: int, group: int, serial: int) -> None:
    number = f"{area:03}-{group:02}-{serial:04}"

    assert shown(f"Her number is {number} if you need it.") == [(Kind.SOCIAL_SECURITY, number)]


@given(st.integers(10_000, 99_999_999))
def test_every_record_number_is_found(number: int) -> None:
    assert shown(f"MRN {number}") == [(Kind.RECORD_NUMBER, str(number))]


def test_the_surer_of_two_overlapping_findings_stays() -> None:
    assert shown("patient number 219-45-8832") == [(Kind.SOCIAL_SECURITY, "219-45-8832")]


def test_positions_are_those_of_the_text_as_typed() -> None:
    wide = "\uff14\uff14\uff17\uff11\uff19\uff10\uff12"

    assert shown(f"MRN\u00a0{wide}") == [(Kind.RECORD_NUMBER, wide)]


def test_mark_escapes_what_was_typed() -> None:
    finding = Finding(Kind.PHONE, 3, 6, 0.9, "why")

    assert mark("<b>&'x</b>", [finding]) == (
        '&lt;b&gt;<mark class="guard-mark" id="mark-1" data-tone="bad">&amp;&#x27;x<sup>1</sup></mark>&lt;/b&gt;'
    )


def test_every_kind_has_words() -> None:
    assert set(WORDS) == set(Kind)


@pytest.mark.parametrize(
    "piece", ["[", "1", "a", "a ", "A", "Aa ", "1 ", "patient ", "@", "a.", "555-", "MRN ", "room "]
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    started = time.process_time()

    find(piece * LONGEST)

    assert time.process_time() - started < 1


def test_a_room_beside_a_name_is_marked_and_a_doctors_room_is_not():
    assert [each.kind for each in find("Mr. Alvarez in room 412 went home today")] == [Kind.PATIENT_NAME, Kind.ROOM]
    assert find("Ask Dr. Maria Lee in room 204 about the form") == []
