"""Does the browser draw the portal at all? The journeys are in the other files of this folder."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer


def test_a_stranger_is_shown_the_sign_in_page(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.startswith(f"{live_server.url}/accounts/login/")


def test_the_style_sheet_is_served(page: Page, live_server: LiveServer) -> None:
    assert page.request.get(f"{live_server.url}/static/portal.css").status == 200


def test_the_page_has_letters(page: Page) -> None:
    """Without fonts every letter has no width."""
    page.set_content("<span>Letters</span>")

    box = page.locator("span").bounding_box()

    assert box is not None
    assert box["width"] > 30
