"""Chromium for every test in this folder, and one portal that all of them visit."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from coe_portal.people.demo import DOMAIN, PASSWORD
from ops import chromium
from tests.browser.portal import running_portal

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)
# Chromium complains of the answer to a form with errors, and of what is over; both are pages like any other.
EXPECTED = ("status of 422", "status of 410")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Visit = Callable[..., Page]
"""Opens a page; options are those of a browser context. Signed in, the first argument says as whom."""
FindViolations = Callable[..., list[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a parallel run one worker takes them all, so that there is one portal."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **chromium.launch_options()}


@pytest.fixture(scope="session", autouse=True)
def _playwright_beside_django() -> None:
    """Playwright's synchronous interface runs an event loop, which Django would take for a mistake."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def portal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A new portal; with --base-url one that runs already, which is quicker while writing a test."""
    if running := request.config.getoption("base_url"):
        yield running.rstrip("/")
        return
    with running_portal(tmp_path_factory.mktemp("portal")) as address:
        yield address


@pytest.fixture
def base_url(portal: str) -> str:
    return portal


@pytest.fixture
def visit(browser: Browser, portal: str) -> Iterator[Visit]:
    """Opens a page of a new visitor; at the end no page may have complained in its console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(each in message.text for each in EXPECTED):
            complaints.append(f"{message.location['url']}: {message.text}")

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=portal, **{"viewport": DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def _kept_sign_ins() -> dict[str, Any]:
    return {}


@pytest.fixture
def signed_in(browser: Browser, portal: str, visit: Visit, _kept_sign_ins: dict[str, Any]) -> Visit:
    """A page of somebody of the demo organisation who has signed in through the form."""

    def sign_in(who: str, **options: Any) -> Page:
        if who not in _kept_sign_ins:
            page = browser.new_page(base_url=portal)
            page.goto("/accounts/login/")
            page.get_by_label("E-mail").fill(f"{who}@{DOMAIN}")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url(f"{portal}/")
            _kept_sign_ins[who] = page.context.storage_state()
            page.close()
        return visit(storage_state=_kept_sign_ins[who], **options)

    return sign_in


@pytest.fixture(scope="session")
def axe() -> FindViolations:
    """What axe finds on the page, as one line a violation."""
    checker = Axe()

    def violations(page: Page, rules: list[str] | None = None) -> list[str]:
        found = checker.run(page, options={"runOnly": rules or RULES, "resultTypes": ["violations"]}).response[
            "violations"
        ]
        return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]

    return violations
