"""The chief communications officer: one page, every figure down to its samples, what it is worth, what is asked."""

from playwright.sync_api import expect

from tests.browser.conftest import FindViolations, Visit


def test_a_figure_leads_down_to_the_samples_it_was_made_of(signed_in: Visit, axe: FindViolations) -> None:
    page = signed_in("executive")
    page.goto("/metrics/executive/")

    tiles = page.get_by_role("region", name="Five figures").locator(".tile")
    expect(tiles).to_have_count(5)
    page.goto("/metrics/")
    page.get_by_role("main").locator("a[href^='/metrics/channels/']").first.click()
    page.get_by_role("heading", name="Month by month").wait_for()
    page.get_by_role("region", name="Month by month").get_by_role("link").nth(1).click()
    page.get_by_role("main").locator("a[href*='/days/2']").last.click()

    expect(page.get_by_role("main").get_by_role("table").first).to_be_visible()
    assert axe(page) == []


def test_the_return_comes_with_its_range_formula_and_assumptions(signed_in: Visit, axe: FindViolations) -> None:
    page = signed_in("executive")
    page.goto("/metrics/executive/")

    page.get_by_role("link", name="The formula and every assumption", exact=True).click()

    formula = page.locator(".formula")
    expect(formula).to_contain_text("return = (value")
    for word in ("low:", "likely:", "high:"):
        expect(formula).to_contain_text(word)
    expect(page.get_by_role("heading", name="Assumptions")).to_be_visible()
    assert axe(page) == []


def test_the_board_gets_a_pdf(signed_in: Visit) -> None:
    page = signed_in("executive")
    page.goto("/metrics/executive/")

    address = page.get_by_role("link", name="PDF for the board").get_attribute("href")

    assert address is not None
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_an_ask_is_decided_with_a_reason_that_is_kept(signed_in: Visit) -> None:
    page = signed_in("executive")
    page.goto("/metrics/executive/")

    decide = page.get_by_role("link", name="Decide").first
    title = decide.inner_text().partition(": ")[2]
    decide.click()
    page.get_by_label("Granted").check()
    page.get_by_label("Why").fill("The waiting times of last quarter speak for it.")
    page.locator("main form").get_by_role("button").first.click()

    expect(page.get_by_text("The waiting times of last quarter speak for it.")).to_be_visible()
    expect(page.get_by_role("link", name=f"Decide: {title}")).to_have_count(0)
