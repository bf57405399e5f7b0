import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.text import duplicate_anchors, parse, with_anchors, word_count

LINES = st.lists(
    st.one_of(
        st.sampled_from(["## Be kind", "## Be kind {#be-kind}", "# Part", "```", "Do: this", "Don't: that", "", "## "]),
        st.text(max_size=20),
    ),
    max_size=12,
)


def anchors(text: str) -> list[str]:
    return [each.anchor for each in parse(text).clauses]


def test_a_clause_without_an_address_gets_one_from_its_title() -> None:
    assert with_anchors("## Say who you are!\n\nText") == "## Say who you are! {#say-who-you-are}\n\nText"


def test_an_address_survives_a_new_title_and_another_place() -> None:
    assert anchors("## Other {#other}\n\n## Named anew {#be-kind}") == ["other", "be-kind"]


def test_an_address_used_by_an_earlier_version_is_never_given_again() -> None:
    assert anchors(with_anchors("## Be kind", taken={"be-kind", "be-kind-2"})) == ["be-kind-3"]


def test_a_title_without_letters_still_gets_an_address() -> None:
    assert anchors(with_anchors("## 🙂\n\n## !!!")) == ["clause", "clause-2"]


def test_clauses_are_numbered_through_all_parts() -> None:
    parsed = parse("# One\n\n## A {#a}\n\n# Two\n\n## B {#b}")

    assert [(each.number, each.part, each.title) for each in parsed.clauses] == [(1, "One", "A"), (2, "Two", "B")]


def test_examples_and_sources_are_taken_out_of_the_text() -> None:
    clause = parse(
        "## A {#a}\nText.\nDo: *This*.\nDon't: That.\nSource: [16 CFR 255.5](https://ecfr.gov/x), checked 2026-10-12"
    ).clauses[0]

    assert clause.text == "Text."
    assert [(each["do"], each["html"]) for each in clause.examples] == [
        (True, "<p><em>This</em>.</p>\n"),
        (False, "<p>That.</p>\n"),
    ]
    assert clause.sources == [{"title": "16 CFR 255.5", "url": "https://ecfr.gov/x", "checked": "2026-10-12"}]


@pytest.mark.parametrize(
    "line", ["Source: [x](javascript:alert(1))", "Source: [x](https://a.b), checked 2026-13-40", "Source: nothing"]
)
def test_what_is_no_source_stays_text(line: str) -> None:
    clause = parse(f"## A {{#a}}\n{line}").clauses[0]

    assert (clause.text, clause.sources) == (line, [])


def test_a_heading_inside_a_code_block_is_no_clause() -> None:
    assert anchors("## A {#a}\n```\n## B\n```") == ["a"]


def test_words_before_the_first_clause_are_the_introduction() -> None:
    assert parse("Hello.\n\n## A {#a}").intro == "Hello."


def test_duplicate_anchors() -> None:
    assert duplicate_anchors("## A {#x}\n\n## B {#x}\n\n## C {#y}") == ["x"]


def test_word_count() -> None:
    assert word_count("Don't post, please: it's 5 pm.") == 6


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # of a busy machine, not of the code
@given(LINES)
def test_addresses_are_stable_and_unique_for_any_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    if duplicate_anchors(text):
        return
    once = with_anchors(text)

    assert with_anchors(once) == once
    assert len(set(anchors(once))) == len(anchors(once))
