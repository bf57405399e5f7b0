"""axe on every page, as each role that sees it; the contrast of the main pages in the dark."""

import pytest
from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.conftest import FindViolations, Visit

DARK = [
    "/",
    "/my/",
    "/search/?q=photo",
    "/policies/",
    "/policies/social-media/",
    "/training/",
    "/training/courses/answering-reviews/",
    "/feedback/",
    "/feedback/topics/ > /feedback/topics/[0-9]+/",
    "/channels/",
]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("who", pages.BY_ROLE)
def test_nothing_stands_in_the_way(signed_in: Visit, axe: FindViolations, who: str) -> None:
    page = signed_in(who)

    assert [found for place in pages.BY_ROLE[who] for found in violations(page, place, axe)] == []


def test_nothing_stands_in_the_way_of_a_stranger(visit: Visit, axe: FindViolations) -> None:
    page = visit()

    assert [found for place in pages.STRANGER for found in violations(page, place, axe)] == []


def test_words_can_be_read_in_the_dark(signed_in: Visit, axe: FindViolations) -> None:
    page = signed_in("employee", color_scheme="dark")

    assert [found for place in DARK for found in violations(page, place, axe, ["color-contrast"])] == []


def test_charts_can_be_read_in_the_dark(signed_in: Visit, axe: FindViolations) -> None:
    page = signed_in("executive", color_scheme="dark")
    dark = ["/metrics/", "/metrics/executive/", "/metrics/standing/"]

    assert [found for place in dark for found in violations(page, place, axe, ["color-contrast"])] == []


def violations(page: Page, place: str, axe: FindViolations, rules: list[str] | None = None) -> list[str]:
    pages.open_page(page, place)
    return [f"{place}: {found}" for found in axe(page, rules)]
