"""Reading, signing, learning, asking and posting with JavaScript switched off, each as somebody who owes it."""

from playwright.sync_api import Page, expect

from tests.browser import quiz
from tests.browser.conftest import Visit

COURSE = "the-first-hour"


def test_a_policy_is_read_and_signed(signed_in: Visit) -> None:
    page = signed_in("coordinator", java_script_enabled=False)
    page.goto("/my/")

    page.get_by_role("main").get_by_role("link", name="Official Accounts").first.click()
    expect(page.locator("#changes")).to_contain_text("What changed since version 1.0")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Sign", exact=True).click()

    expect(page.get_by_text("You have signed this policy")).to_be_visible()


def test_a_course_is_taken_to_its_result(signed_in: Visit) -> None:
    page = signed_in("employee", java_script_enabled=False)
    page.goto("/training/")

    page.get_by_role("link", name="The first hour of a crisis").first.click()
    page.get_by_role("link", name="A bad day or a crisis").last.click()
    while page.get_by_role("button", name="Done, go on").is_visible():
        page.get_by_role("button", name="Done, go on").click()
    page.get_by_role("button", name="Begin the quiz").click()
    right = quiz.right_answers(COURSE)
    while page.get_by_role("button", name="Hand in the quiz").is_hidden():
        following = page.get_by_role("link", name="Next question")
        if following.is_visible():
            following.click()
        else:
            quiz.answer(page, right)
    page.get_by_role("button", name="Hand in the quiz").click()

    expect(page.get_by_role("heading", name="Passed", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="See your certificate")).to_be_visible()


def test_a_question_is_asked_after_a_look_at_what_may_answer_it(signed_in: Visit) -> None:
    page = signed_in("employee", java_script_enabled=False)
    page.goto("/feedback/ask/")

    page.get_by_label("Your question").fill("May I post a photo of my team from the night shift?")
    page.get_by_role("button", name="Ask the question").click()
    expect(page.get_by_role("heading", name="Before you post: these may answer it")).to_be_visible()
    page.get_by_role("button", name="My question is still open: ask it").click()

    expect(page.get_by_role("heading", name="May I post a photo of my team from the night shift?")).to_be_visible()


def test_a_reply_is_posted(signed_in: Visit) -> None:
    page = signed_in("executive", java_script_enabled=False)
    page.goto("/feedback/")

    page.get_by_role("link", name="Thank somebody who is never thanked").first.click()
    page.get_by_label("Your reply").fill("The night porters: they know every corridor and every worry.")
    page.get_by_role("button", name="Send the reply").click()

    expect(page.get_by_text("The night porters: they know every corridor and every worry.")).to_be_visible()


def test_a_draft_post_is_checked(signed_in: Visit) -> None:
    page = signed_in("employee", java_script_enabled=False)
    page.goto("/policies/check/")

    page.get_by_label("Your draft").fill("The lady in bed 12 made our day.")
    page.get_by_role("button", name="Check it").click()

    expect(page.get_by_role("region", name="Result").locator("mark", has_text="bed 12").first).to_be_visible()


def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(signed_in: Visit) -> None:
    page = signed_in("strategist", java_script_enabled=False)
    page.goto("/announcements/new/")

    fill_with_a_wrong_date(page)

    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("There is a problem")
    expect(summary.get_by_role("link")).to_have_count(1)
    expect(page.get_by_label("Title", exact=True)).to_have_value("Flu clinic for staff")
    assert page.title().startswith("Error:")


def fill_with_a_wrong_date(page: Page) -> None:
    page.get_by_label("Title", exact=True).fill("Flu clinic for staff")
    page.get_by_label("Text", exact=True).fill("On Tuesday in the lobby.")
    page.get_by_label("Publish later, at").fill("2020-01-01T09:00")
    page.get_by_role("button", name="Save and check").click()
