"""Courses and answers of the demo organisation point to its policies by address, which nothing else holds together."""

import pytest

from feedback.demo.clauses import CLAUSES as NAMED_IN_ANSWERS
from feedback.demo.clauses import url_of
from policies.demo.library import ANCHOR, CLAUSE, POLICIES, text_of
from training.demo.clauses import CLAUSES as NAMED_IN_COURSES


@pytest.fixture(scope="module")
def addresses() -> set[str]:
    """Of every policy and of every clause in it."""
    found = {f"/policies/{each.slug}/" for each in POLICIES}
    for each in POLICIES:
        pieces = CLAUSE.split(text_of(each.slug))
        found |= {f"/policies/{each.slug}/#{match[1]}" for piece in pieces if (match := ANCHOR.match(piece))}
    return found


@pytest.mark.parametrize("word", sorted(NAMED_IN_ANSWERS))
def test_an_answer_points_to_a_clause_that_is_there(word: str, addresses: set[str]) -> None:
    assert {url_of(word)} - addresses == set()


@pytest.mark.parametrize("word", sorted(NAMED_IN_COURSES))
def test_a_course_points_to_a_clause_that_is_there(word: str, addresses: set[str]) -> None:
    address, _label = NAMED_IN_COURSES[word]

    assert {f"/policies/{address}"} - addresses == set()
