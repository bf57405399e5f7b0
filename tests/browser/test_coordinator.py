"""A unit manager who looks after one branch: who owes what, a reminder, and nothing of anybody else's branch."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import FindViolations, Visit

OTHER_BRANCH = "Lakeside Hospital"


def test_the_department_page_says_who_owes_what(signed_in: Visit) -> None:
    page = signed_in("coordinator")
    page.goto("/departments/")

    page.get_by_role("link", name="Emergency Department", exact=True).click()

    expect(page.get_by_role("heading", name="Emergency Department", level=1)).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Rosa")
    page.get_by_role("button", name="Show").click()
    rosa = page.get_by_role("row").filter(has_text="Rosa Delgado")
    expect(rosa).to_contain_text("Answering reviews without confirming a patient")
    expect(rosa).to_contain_text("Past due")


def test_one_button_reminds_those_who_are_past_due(signed_in: Visit) -> None:
    page = signed_in("coordinator")
    page.goto("/departments/")
    page.get_by_role("link", name="Pharmacy", exact=True).click()
    page.get_by_label("Show").select_option(label="Who is past due")
    page.get_by_role("button", name="Show").click()

    page.get_by_role("button", name=re.compile("^Remind all")).click()
    button = page.get_by_role("button", name=re.compile(r"^Remind \d+"))
    number = button.inner_text().split()[1]
    button.click()

    expect(page.get_by_text(f"{number} people have been reminded.")).to_be_visible()


def test_the_training_of_the_team_can_be_seen_and_taken_along(signed_in: Visit) -> None:
    page = signed_in("coordinator")
    page.goto("/training/team/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Training of the team")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    assert page.request.get("/training/team/export.csv").ok


def test_another_branch_does_not_exist_for_a_coordinator(signed_in: Visit, portal: str) -> None:
    page, administrator = signed_in("coordinator"), signed_in("admin")
    administrator.goto("/administration/departments/")
    page.goto("/departments/")

    expect(administrator.get_by_role("main")).to_contain_text(OTHER_BRANCH)
    expect(page.get_by_role("main")).not_to_contain_text(OTHER_BRANCH)
    own = page.get_by_role("link", name="Riverbend Medical Center", exact=True).get_attribute("href")
    assert own is not None
    ids = range(1, 61)
    seen = {number for number in ids if page.request.get(f"/departments/{number}/").ok}
    assert len(seen) == 11  # the branch and its ten departments
    assert int(own.strip("/").split("/")[-1]) in seen


def test_the_questionnaire_is_answered_and_compared(signed_in: Visit, axe: FindViolations) -> None:
    page = signed_in("coordinator")
    page.goto("/metrics/standing/")

    page.get_by_role("link", name="Answer the questionnaire").click()
    assert axe(page) == []
    for statement in page.locator("main fieldset").all():
        statement.get_by_role("radio").nth(2).check()
    page.get_by_role("button", name="Hand in my answers").click()

    expect(page.get_by_text("Thank you. Your answers are kept with today")).to_be_visible()
    expect(page.get_by_text("see the same model in the lead")).to_be_visible()
