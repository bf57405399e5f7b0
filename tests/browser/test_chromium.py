"""Does the browser draw the portal at all? The journeys are in the other files of this folder."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_stranger_is_shown_the_sign_in_page(visit: Visit, portal: str) -> None:
    page = visit()

    page.goto("/my/")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.startswith(f"{portal}/accounts/login/")


def test_the_page_has_letters(visit: Visit) -> None:
    """Without fonts every letter has no width."""
    page = visit()
    page.set_content("<span>Letters</span>")

    box = page.locator("span").bounding_box()

    assert box is not None
    assert box["width"] > 30
