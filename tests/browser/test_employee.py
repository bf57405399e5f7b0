"""A nurse in the emergency department: reads and signs, learns, asks, and hands in a story."""

from playwright.sync_api import Page, expect

from tests.browser import quiz
from tests.browser.conftest import FindViolations, Visit

COURSE = "patient-privacy-in-everyday-posts"


def test_home_lists_what_is_owed_with_a_button_each(signed_in: Visit) -> None:
    page = signed_in("employee")

    page.goto("/")

    owed = page.get_by_role("list", name="Yours to do")
    late = owed.get_by_role("listitem").filter(has_text="Answering reviews without confirming a patient")
    expect(late).to_contain_text("Past due since")
    expect(late.get_by_role("link", name="Take the course")).to_be_visible()
    expect(page.get_by_role("heading", name="Announcements", level=2)).to_be_visible()


def test_a_half_done_course_is_finished_and_certified(
    signed_in: Visit, visit: Visit, portal: str, axe: FindViolations
) -> None:
    page = signed_in("employee")
    page.goto("/training/")

    page.get_by_role("link", name="Look behind the faces").first.click()
    expect(page.get_by_text("2 of 5 lessons done")).to_be_visible()
    while page.get_by_role("button", name="Done, go on").is_visible():
        page.get_by_role("button", name="Done, go on").click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Begin the quiz").click()
    answer_everything(page)
    page.get_by_role("button", name="Hand in the quiz").click()
    expect(page.get_by_role("heading", name="Passed", level=1)).to_be_visible()
    page.get_by_role("link", name="See your certificate").click()

    expect(page.get_by_text("This certificate is valid")).to_be_visible()
    expect(page.locator(".certificate")).to_contain_text("Rosa Delgado")
    assert axe(page) == []
    check_pdf(page)
    check_as_a_stranger(visit(), page.url)


def answer_everything(page: Page) -> None:
    """All right but the first move of the scenario, which then shows what the policy says."""
    right = quiz.right_answers(COURSE)
    while True:
        if page.get_by_role("button", name="Do this").is_visible():
            walk_the_scenario(page, right)
        else:
            quiz.answer(page, right)
        following = page.get_by_role("link", name="Next question")
        if not following.is_visible():
            return
        following.click()
        page.wait_for_load_state()


def walk_the_scenario(page: Page, right: set[str]) -> None:
    page.get_by_label("Comment under the picture").check()
    quiz.send(page)
    expect(page.get_by_text("You have pointed at the patient")).to_be_visible()
    clause = page.locator("#question").get_by_role("link", name="Patient Privacy Online")
    expect(clause).to_be_visible()
    while page.get_by_role("button", name="Do this").is_visible():
        quiz.answer(page, right)
    expect(page.get_by_text("You made 2 of 3 moves well.")).to_be_visible()


def check_pdf(page: Page) -> None:
    address = page.get_by_role("link", name="Download as PDF").get_attribute("href")
    assert address is not None
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def check_as_a_stranger(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("This certificate is valid")).to_be_visible()
    expect(page.locator(".certificate")).to_contain_text("Rosa Delgado")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
