"""The end of a session as somebody at the screen sees it: the clocks of browser and server go on together."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic, sleep

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from coe_portal.people.models import User
from tests.browser.conftest import PATIENCE
from tests.factories.people import person_with

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-good-long-secret-9"
# Of an administrator, without a click.
LIMIT = timedelta(minutes=30)
FORM = "/administration/sign-in/invitations/invite/"

GoOn = Callable[[timedelta], None]


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.clock.install()
    yield opened
    context.close()


@pytest.fixture
def go_on(page: Page) -> Iterator[GoOn]:
    """Time passes for both, as it does for somebody who has left the desk."""
    travels: list[time_machine.travel] = []

    def later(by: timedelta) -> None:
        travel = time_machine.travel(timezone.now() + by)
        travel.start()
        travels.append(travel)
        page.clock.fast_forward(int(by.total_seconds() * 1000))

    yield later
    for travel in reversed(travels):
        travel.stop()


def eventually(is_so: Callable[[], bool]) -> None:
    """Playwright's own waiting evaluates text in the page, which our content security policy forbids."""
    until = monotonic() + PATIENCE / 1000
    while not is_so():
        assert monotonic() < until
        sleep(0.05)


def sign_in(page: Page, person: User) -> None:
    person.set_password(PASSWORD)
    person.save()
    page.goto(FORM)
    show_who_one_is(page, person)
    page.wait_for_url(f"**{FORM}")


def show_who_one_is(page: Page, person: User) -> None:
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_two_minutes_before_the_end_one_is_asked_and_may_stay(page: Page, go_on: GoOn, administrator: User) -> None:
    sign_in(page, administrator)
    dialog = page.get_by_role("dialog", name="Are you still there?")
    go_on(LIMIT - timedelta(minutes=4))
    expect(dialog).to_be_hidden()

    go_on(timedelta(minutes=2, seconds=5))
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()

    go_on(timedelta(minutes=10))
    page.goto("/my/")
    assert page.url.endswith("/my/")


def test_without_an_answer_the_page_closes_and_what_was_typed_comes_back(
    page: Page, go_on: GoOn, administrator: User
) -> None:
    sign_in(page, administrator)
    page.get_by_label("Name").fill("Marisol Quintero")
    page.get_by_label("E-mail").fill("marisol@elsewhere.example")
    go_on(LIMIT - timedelta(minutes=1, seconds=55))
    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()

    go_on(timedelta(minutes=3))
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    expect(page.get_by_text("What you had typed is kept for you in this tab.")).to_be_visible()
    assert "Marisol" not in page.evaluate("JSON.stringify({...sessionStorage})")

    page.get_by_role("link", name="Sign in again").click()
    show_who_one_is(page, administrator)
    expect(page.get_by_role("heading", name="What you had typed here is back")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Marisol Quintero")
    expect(page.get_by_label("E-mail")).to_have_value("marisol@elsewhere.example")

    page.reload()
    expect(page.get_by_label("Name")).to_have_value("")


def test_the_next_one_at_the_same_screen_reads_nothing_of_it(page: Page, go_on: GoOn, administrator: User) -> None:
    other = person_with("administrator", name="Somebody Else")
    sign_in(page, administrator)
    page.get_by_label("Name").fill("Marisol Quintero")
    go_on(LIMIT - timedelta(minutes=1, seconds=55))
    go_on(timedelta(minutes=3))
    page.get_by_role("link", name="Sign in again").click()
    other.set_password(PASSWORD)
    other.save()
    show_who_one_is(page, other)
    page.wait_for_url(f"**{FORM}")

    expect(page.get_by_label("Name")).to_have_value("")
    eventually(lambda: page.evaluate("sessionStorage.getItem('typed')") is None)
    expect(page.get_by_role("heading", name="What you had typed here is back")).to_be_hidden()


def test_a_form_that_is_sent_too_late_is_not_lost(page: Page, go_on: GoOn, administrator: User) -> None:
    """The laptop slept: the session is over before the page knows."""
    sign_in(page, administrator)
    page.get_by_label("Name").fill("Marisol Quintero")
    page.clock.fast_forward(1_000)
    eventually(lambda: page.evaluate("sessionStorage.getItem('typed')") is not None)
    travel = time_machine.travel(timezone.now() + LIMIT + timedelta(minutes=5))
    travel.start()
    try:
        page.evaluate("document.querySelector('main form[method=post]').submit()")
        page.get_by_role("link", name="Sign in again").click()
        show_who_one_is(page, administrator)
        expect(page.get_by_label("Name")).to_have_value("Marisol Quintero")
    finally:
        travel.stop()
