from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.differences import compare, only_changes
from policies.models import Clause
from policies.text import parse

WORDS = st.lists(
    st.sampled_from(["the", "a", "nurse", "may", "not", "post", "pictures", "of", "patients", "online", "."]),
    max_size=25,
).map(" ".join)


def clauses(text: str) -> list[Clause]:
    return [
        Clause(anchor=each.anchor, number=each.number, title=each.title, text=each.text, examples=each.examples)
        for each in parse(text).clauses
    ]


def seen(old: str, new: str) -> list[tuple[str, str]]:
    return [(each.anchor, each.change) for each in compare(clauses(old), clauses(new))]


def test_same_changed_added_and_removed() -> None:
    old = "## A {#a}\nSame.\n## B {#b}\nThe old rule holds.\n## C {#c}\nGone."
    new = "## A {#a}\nSame.\n## D {#d}\nNew.\n## B {#b}\nThe new rule holds."

    assert seen(old, new) == [("a", "same"), ("d", "added"), ("b", "changed"), ("c", "removed")]


def test_a_renumbered_clause_is_the_same_clause() -> None:
    differences = compare(clauses("## A {#a}\nX"), clauses("## Z {#z}\nY\n## A {#a}\nX"))

    assert [(each.anchor, each.change, each.was_renumbered) for each in differences] == [
        ("z", "added", False),
        ("a", "same", True),
    ]


def test_a_new_title_is_a_change() -> None:
    assert seen("## Be kind {#a}\nX", "## Be gentle {#a}\nX") == [("a", "changed")]


def test_a_new_example_is_a_change() -> None:
    assert seen("## A {#a}\nX", "## A {#a}\nX\nDo: Y") == [("a", "changed")]


def test_words_that_changed_are_marked_one_by_one() -> None:
    difference = compare(clauses("## A {#a}\nKeep it for three years."), clauses("## A {#a}\nKeep it for six years."))[
        0
    ]

    assert [(piece.change, piece.text) for piece in difference.blocks[0].pieces] == [
        ("same", "Keep it for "),
        ("removed", "three"),
        ("added", "six"),
        ("same", " years."),
    ]


def test_paragraphs_that_are_not_alike_are_shown_as_gone_and_come() -> None:
    difference = compare(clauses("## A {#a}\nAsk the web team."), clauses("## A {#a}\nNobody posts alone on Sundays."))[
        0
    ]

    assert [each.change for each in difference.blocks] == ["removed", "added"]


def test_only_changes() -> None:
    differences = compare(clauses("## A {#a}\nX\n## B {#b}\nY"), clauses("## A {#a}\nX\n## B {#b}\nZ z"))

    assert [each.anchor for each in only_changes(differences)] == ["b"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # of a busy machine, not of the code
@given(WORDS, WORDS)
def test_a_change_can_be_read_forwards_and_backwards(old: str, new: str) -> None:
    difference = compare(clauses(f"## A {{#a}}\n{old}"), clauses(f"## A {{#a}}\n{new}"))[0]
    pieces = [piece for block in difference.blocks for piece in block.pieces]

    def told(without: str) -> str:
        return "".join("".join(piece.text for piece in pieces if piece.change != without).split())

    assert told("removed") == "".join(new.split())
    assert told("added") == "".join(old.split())
