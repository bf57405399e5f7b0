"""Figures over made-up posts: at least 95 of 100 found, at most 5 of 100 ordinary ones marked."""

from coe_portal.guard.engine import find
from tests.coe_portal.guard.posts import ORDINARY_POSTS, PATIENT_POSTS


def test_patient_information_is_found() -> None:
    missed = [text for text in PATIENT_POSTS if not find(text)]
    recall = 1 - len(missed) / len(PATIENT_POSTS)
    print(f"recall {recall:.1%} of {len(PATIENT_POSTS)}; missed: {missed}")  # noqa: T201

    assert recall >= 0.95


def test_ordinary_posts_are_left_alone() -> None:
    marked = {text: [(str(each.kind), text[each.start : each.end]) for each in find(text)] for text in ORDINARY_POSTS}
    alarms = {text: findings for text, findings in marked.items() if findings}
    rate = len(alarms) / len(ORDINARY_POSTS)
    print(f"false alarms {rate:.1%} of {len(ORDINARY_POSTS)}: {alarms}")  # noqa: T201

    assert rate <= 0.05
