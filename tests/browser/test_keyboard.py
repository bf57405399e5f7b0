"""The portal with a keyboard alone."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import FindViolations, Visit


def test_the_first_stop_skips_to_the_content_and_a_slash_reaches_the_search(signed_in: Visit) -> None:
    page = signed_in("employee")
    page.goto("/policies/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.goto("/my/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("wristband")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/search/"))
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()


def test_a_policy_is_signed_by_keyboard(signed_in: Visit) -> None:
    page = signed_in("employee")
    page.goto("/")

    tab_to(page, "Read and sign: Personal Accounts and Disclosure")
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/personal-accounts-and-disclosure/")
    tab_to(page, "Go to the signature")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("You have signed this policy")).to_be_visible()


def test_suggestions_are_chosen_with_arrows_and_closed_with_escape(signed_in: Visit, axe: FindViolations) -> None:
    page = signed_in("employee")
    page.goto("/my/")
    field = page.locator("#search")

    page.keyboard.press("/")
    page.keyboard.type("photo")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert axe(page) == []

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    expect(field).to_be_focused()

    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("photo")
    expect(page.get_by_role("option")).to_have_count(0)

    page.keyboard.press("ArrowDown")
    address = first.get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{re.escape(address)}$"))


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the link of this name has the focus, and it can be seen."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()") == name:
            expect(page.locator(":focus")).to_be_in_viewport()
            return
    raise AssertionError(f"{name} cannot be reached by Tab.")
