"""Going through a quiz as somebody who knows the answers, or does not."""

import tomllib
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

COURSES = Path(__file__).resolve().parents[2] / "training/demo/courses"


def right_answers(course_slug: str) -> set[str]:
    """The words of every right choice of a course of the demo organisation, those of its scenarios included."""
    course = tomllib.loads((COURSES / f"{course_slug}.toml").read_text())
    choices: list[dict[str, Any]] = []
    for question in course["questions"]:
        choices += question.get("choices", [])
        choices += [choice for step in question.get("steps", []) for choice in step.get("choices", [])]
    return {choice["text"] for choice in choices if choice.get("right")}


def answer(page: Page, right: set[str]) -> None:
    """Chooses what is right among the answers shown and sends it."""
    for choice in page.locator("#question label.choice").all():
        if choice.inner_text().strip() in right:
            choice.click()
    send(page)


def send(page: Page) -> None:
    """Sends the answer and waits until the page says what it was worth."""
    steps = page.locator("#question .scenario-choice")
    before = steps.count()
    is_scenario = page.get_by_role("button", name="Do this").is_visible()
    page.locator("#question form button").click()
    if is_scenario:
        expect(steps).to_have_count(before + 1)
    else:
        expect(page.get_by_role("list", name="Your answer")).to_be_visible()
