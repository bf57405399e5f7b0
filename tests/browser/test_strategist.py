"""Two strategists: one writes, the other approves; announcements, stories, imported figures, the register."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import FindViolations, Visit

POLICY_TEXT = """These rules hold for every shared ride.

## Ask before you film {#ask-before-you-film}

Ask the driver and everybody who can be seen.

Do: "May I film the flag on the bus?"
"""


def test_a_policy_is_written_approved_by_somebody_else_and_read(signed_in: Visit, axe: FindViolations) -> None:
    strategist, approver = signed_in("strategist"), signed_in("approver")
    write_policy(strategist, axe)
    strategist.get_by_role("button", name="Save", exact=True).click()
    strategist.get_by_role("button", name="Hand in what is saved").click()
    expect(strategist.get_by_text("You have written on it, so somebody else decides.")).to_be_visible()

    approver.goto("/policies/workspace/")
    approver.get_by_role("link", name="Filming on the Shuttle").click()
    approver.get_by_label("Material").check()
    approver.get_by_role("button", name="Approve").click()
    approver.get_by_role("link", name="Publish", exact=True).click()
    approver.get_by_role("button", name="Publish now").click()

    employee = signed_in("employee")
    employee.goto("/policies/filming-on-the-shuttle/")
    expect(employee.get_by_role("heading", name="Ask before you film")).to_be_visible()
    expect(employee.get_by_role("heading", name="Sign this policy")).to_be_visible()


def write_policy(page: Page, axe: FindViolations) -> None:
    page.goto("/policies/workspace/")
    page.get_by_role("link", name="New policy").click()
    page.get_by_label("Title", exact=True).fill("Filming on the Shuttle")
    page.get_by_label("Address").fill("filming-on-the-shuttle")
    page.get_by_label("Topic").select_option(index=1)
    choose_audience(page, "Everyone")
    page.get_by_label("Readers must acknowledge it").check()
    page.get_by_role("button", name="Begin the draft").click()
    page.get_by_label("In plain language").fill("Ask everybody on the bus before you film.")
    page.get_by_label("Text", exact=True).fill(POLICY_TEXT)
    expect(page.get_by_role("region", name="Preview").get_by_text("Ask before you film")).to_be_visible()
    assert axe(page) == []


def test_a_pinned_announcement_reaches_its_audience_at_once(signed_in: Visit) -> None:
    page, employee = signed_in("strategist"), signed_in("employee")

    write_announcement(page, "The lobby screens are ours on Friday", audience="Clinical staff", pinned=True)
    page.get_by_role("button", name="Publish now to").click()

    employee.goto("/")
    news = employee.get_by_role("list", name="Announcements")
    expect(news.get_by_role("listitem").first).to_contain_text("The lobby screens are ours on Friday")
    other = signed_in("executive")
    other.goto("/announcements/")
    expect(other.get_by_role("link", name="The lobby screens are ours on Friday")).to_have_count(0)


def test_a_scheduled_announcement_waits(signed_in: Visit) -> None:
    page, employee = signed_in("strategist"), signed_in("employee")

    write_announcement(page, "Winter pictures, cleared for use", audience="Everyone", later=True)
    page.get_by_role("button", name="Schedule").click()

    expect(page.get_by_text("Scheduled").first).to_be_visible()
    employee.goto("/announcements/")
    expect(employee.get_by_role("heading", name="Announcements", level=1)).to_be_visible()
    expect(employee.get_by_role("link", name="Winter pictures, cleared for use")).to_have_count(0)


def choose_audience(page: Page, name: str) -> None:
    """By its name; behind it the choices say how many people are in it."""
    field = page.get_by_label("Audience", exact=True)
    field.select_option(field.locator("option", has_text=re.compile(rf"^{name} \(")).get_attribute("value"))


def write_announcement(page: Page, title: str, *, audience: str, pinned: bool = False, later: bool = False) -> None:
    page.goto("/announcements/")
    page.get_by_role("link", name="Write an announcement").click()
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Text", exact=True).fill("**From six to nine.** Send us your picture by Thursday.")
    choose_audience(page, audience)
    if pinned:
        page.get_by_label("Keep at the top of the home page").check()
    if later:
        page.get_by_label("Publish later, at").fill(f"{timezone.localdate() + timedelta(days=3)}T09:00")
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_role("heading", name="Before you publish")).to_be_visible()


def test_a_story_moves_over_the_board_and_its_author_sees_it(signed_in: Visit) -> None:
    page, employee = signed_in("strategist"), signed_in("employee")
    page.goto("/feedback/stories/board/")

    page.get_by_role("button", name=re.compile("^Shortlist.*What is in the pockets of an emergency nurse")).click()

    shortlisted = page.get_by_role("region", name="Shortlisted").or_(page.locator("section", has_text="Shortlisted"))
    expect(shortlisted.first).to_contain_text("What is in the pockets of an emergency nurse")
    employee.goto("/feedback/stories/")
    story = employee.get_by_role("listitem").filter(has_text="What is in the pockets of an emergency nurse")
    expect(story).to_contain_text("Shortlisted")


X_POSTS = (
    "Tweet id,Tweet permalink,Tweet text,time,impressions,engagements,likes\n"
    "1990000000000000001,https://x.example/a/1,Flu shots are here,2026-03-02 15:00 +0000,1200,48,21\n"
    "1990000000000000002,https://x.example/a/2,Meet our night team,2026-03-03 15:00 +0000,800,31,17\n"
    "1990000000000000003,https://x.example/a/3,Broken row,2026-03-04 15:00 +0000,many,3,1\n"
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "tweet_activity_metrics_riverbendhealth_20260301_20260401_en.csv"
    file.write_text(X_POSTS)
    return file


def test_an_export_is_tried_imported_and_not_counted_twice(signed_in: Visit, export: Path) -> None:
    page = signed_in("strategist")

    look_into(page, export)
    expect(page.get_by_role("table", name="Rows that are left out")).to_contain_text("4")
    changes = page.get_by_role("table", name="Changes")
    expect(changes.get_by_role("row", name=re.compile("^Posts 2 0 0"))).to_be_visible()
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_text("The figures are in")).to_be_visible(timeout=20_000)

    look_into(page, export)
    expect(page.get_by_text("This very file has been imported for this")).to_be_visible()
    expect(
        page.get_by_role("table", name="Changes").get_by_role("row", name=re.compile("^Posts 0 0 2"))
    ).to_be_visible()


def look_into(page: Page, export: Path) -> None:
    page.goto("/metrics/imports/")
    page.get_by_label("Export file").set_input_files(export)
    page.get_by_role("button", name="Look into the file").click()
    expect(page.get_by_text("X Analytics, by post")).to_be_visible()
    channel = page.locator("select[name=channel]")
    channel.select_option(label=channel.locator("option", has_text="Riverbend Health").first.inner_text())
    page.get_by_label("Exported on").fill("2026-04-02")
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_role("heading", name="What the import would do")).to_be_visible()


def test_a_channel_is_asked_for_and_decided(signed_in: Visit) -> None:
    employee, page = signed_in("employee"), signed_in("strategist")
    employee.goto("/channels/request/")
    employee.get_by_label("Name").fill("Riverbend Emergency Nurses")
    employee.get_by_label("Network").select_option(label="Bluesky")
    employee.get_by_label("Handle").fill("ednurses.riverbend.example")
    employee.get_by_label("Owning department").select_option(label="Emergency Department")
    employee.get_by_label("Purpose").fill("Short answers from the waiting room.")
    employee.get_by_label(re.compile("^Why will an existing")).fill("Ours speak to patients, not to nurses.")
    employee.get_by_role("button", name="Send the request").click()
    address = employee.url

    page.goto(address)
    page.get_by_label("Reason").fill("Three nurses look after it, and nobody else speaks to nurses.")
    page.get_by_role("button", name="Approve").click()

    employee.goto(address)
    expect(employee.get_by_text("Active").first).to_be_visible()
    expect(employee.get_by_text("Three nurses look after it")).to_be_visible()


def test_a_stale_channel_is_confirmed(signed_in: Visit) -> None:
    page = signed_in("strategist")
    page.goto("/channels/?stale=1&relation=own")

    page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_text("Is somebody still looking after")).to_be_visible()
    page.get_by_role("button", name="Confirm that all this is right").click()

    expect(page.get_by_text("Is somebody still looking after")).to_have_count(0)
