"""A nurse in the emergency department: reads and signs, learns, asks, and hands in a story."""

import re

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


def test_a_changed_policy_is_read_signed_again_and_a_receipt_given(signed_in: Visit, axe: FindViolations) -> None:
    page = signed_in("employee")
    page.goto("/my/")

    page.get_by_role("link", name=re.compile("^Read what changed and sign.*Social Media Policy")).click()
    changes = page.locator("#changes")
    expect(changes).to_contain_text("What changed since version 1.0, which you signed")
    expect(changes.locator("ins, [data-change=added]").first).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Sign", exact=True).click()

    expect(page.get_by_text("You have signed this policy")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Rosa Delgado").first).to_be_visible()
    expect(page.get_by_role("main").locator("code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    assert axe(page) == []
    page.goto("/my/")
    expect(page.get_by_role("link", name=re.compile("^Read what changed and sign"))).to_have_count(0)
    expect(page.locator("#done").get_by_text("Social Media Policy for All Staff")).to_be_visible()


def test_check_my_post_marks_what_identifies_a_patient(signed_in: Visit, axe: FindViolations) -> None:
    page = signed_in("employee")
    page.goto("/policies/check/")

    page.get_by_label("Your draft").fill(
        "Proud of our team at Riverbend Health! Mr. Alvarez in room 412 went home today."
    )
    page.get_by_role("button", name="Check it").click()

    result = page.get_by_role("region", name="Result")
    expect(result).to_contain_text("Do not post it like this.")
    expect(result.locator("mark", has_text="room 412").first).to_be_visible()
    expect(result.locator("mark", has_text="Alvarez").first).to_be_visible()
    expect(result.get_by_role("link", name="Patient Privacy Online").first).to_be_visible()
    assert axe(page) == []


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
    clause = page.locator(".clause").filter(has_text="What the policy says")
    expect(clause.first.get_by_role("link", name="If patient information is out")).to_be_visible()
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


def test_asking_shows_answers_while_typing_and_then_the_question_stands(signed_in: Visit, axe: FindViolations) -> None:
    page = signed_in("employee")
    page.goto("/feedback/ask/")

    page.get_by_label("Your question").press_sequentially("May I post a photo of my team")
    suggestions = page.locator("#suggestions")
    expect(suggestions.get_by_role("heading", name="These may answer it")).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Your question").fill("May I wear a name badge in a video about our kitchen?")
    page.get_by_label("What should we know?").fill("We film at lunch, no patient is near.")
    expect(page.get_by_role("button", name="This answered my question").or_(suggestions)).not_to_have_count(0)
    page.get_by_role("button", name="Ask the question").click()
    still_open = page.get_by_role("button", name="My question is still open: ask it")
    topic = page.get_by_role("heading", name="May I wear a name badge in a video about our kitchen?", level=1)
    expect(still_open.or_(topic)).to_be_visible()
    if still_open.is_visible():
        still_open.click()

    expect(topic).to_be_visible()
    expect(page.get_by_text("We film at lunch, no patient is near.")).to_be_visible()


def test_a_story_is_handed_in_and_followed(signed_in: Visit) -> None:
    page = signed_in("employee")
    page.goto("/feedback/stories/")

    page.get_by_role("link", name="Hand in a story").first.click()
    page.get_by_role("button", name="Hand in the story").click()
    expect(page.get_by_label("Headline")).to_be_focused()  # the browser asks for it
    page.get_by_label("Headline").fill("The volunteer who tunes the lobby piano")
    page.get_by_label("What happened?").fill("Every Friday before his shift he tunes it, so that visitors can play.")
    page.get_by_label("No, nobody can be recognised").check()
    page.get_by_role("button", name="Hand in the story").click()

    expect(page.get_by_role("heading", name="The volunteer who tunes the lobby piano", level=1)).to_be_visible()
    page.goto("/feedback/stories/")
    handed_in = page.get_by_role("listitem").filter(has_text="The volunteer who tunes the lobby piano")
    expect(handed_in).to_contain_text("Idea")
