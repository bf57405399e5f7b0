"""The demo organisation's pages for readers of Spanish: no words of ours are left in English."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Page

from coe_portal.core import catalogues
from tests.browser.conftest import Visit
from tests.browser.pages import BY_ROLE, STRANGER, open_page

SILENT = {"script", "style", "code", "pre", "kbd", "svg"}
SPOKEN = {"title", "alt", "aria-label", "placeholder", "data-label"}
PLACEHOLDER = re.compile(r"%\(\w+\)[-#0 +.\d]*[a-z]|%[sd%]|\{\w*\}")
TELLING = 13  # a piece of a sentence this long does not stand in a title of the demo by chance
# What the demo organisation calls things by words that are in the catalogue too, and the language's own name.
OF_THE_DEMO = {
    *{"Contractor", "Official accounts", "Patients and privacy", "Veteran refresher", "Views", "Volunteer", "views"},
    *{"What changes", "English", "Answering and moderating"},
}
# Kept in the language in which somebody was told it.
SAID_BEFORE = {"/notifications/"}


@cache
def english() -> tuple[set[str], list[tuple[str, re.Pattern[str]]]]:
    """What the catalogue translates: whole texts, and patterns with the longest piece that is always there."""
    whole, patterns = set(), []
    for message in catalogues.read(catalogues.catalogue_path("es")):
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        translations = [message.string] if isinstance(message.string, str) else list(message.string)
        for original in originals:
            text = " ".join(original.split())
            pieces = PLACEHOLDER.split(text)
            longest = max(pieces, key=len)
            if not text or original in translations:
                continue
            if len(pieces) == 1:
                whole.add(text)
            elif len(longest) >= TELLING:
                pattern = re.compile(".+?".join(re.escape(piece) for piece in pieces))
                patterns.append((longest, pattern))
    return whole, patterns


class Words(HTMLParser):
    """The texts of a page, those of attributes that are read aloud too; not what is in another language on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent, self.depth = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.silent:
            self.depth += tag == self.silent
        elif tag in SILENT or (tag != "html" and given.get("lang", "es") != "es"):
            self.silent, self.depth = tag, 1
        else:
            self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.silent:
            self.depth -= 1
            self.silent = self.silent if self.depth else ""

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def left_in_english(html: str) -> Iterator[str]:
    words = Words()
    words.feed(html)
    texts = {" ".join(text.split()) for text in words.found} - OF_THE_DEMO
    whole, patterns = english()
    yield from sorted(texts & whole)
    together = "\n".join(texts)
    for piece, pattern in patterns:
        if piece in together:
            yield from (text for text in sorted(texts) if pattern.fullmatch(text))


@pytest.fixture
def in_spanish(signed_in: Visit) -> Iterator[Visit]:
    """Signs somebody in who reads Spanish until the end of the test."""
    changed: list[Page] = []

    def sign_in(role: str) -> Page:
        page = signed_in(role)
        changed.append(page)
        choose(page, "es")
        return page

    yield sign_in
    for page in changed:
        choose(page, "en")


def choose(page: Page, language: str) -> None:
    page.goto("/my/account/")
    page.locator("select[name=language]").select_option(language)
    with page.expect_navigation():
        page.locator("section:has(select[name=language]) button:not([name])").click()
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("role", BY_ROLE)
def test_no_english_is_left_for_a_reader_of_spanish(role: str, in_spanish: Visit):
    page = in_spanish(role)
    found = []
    for place in sorted({*BY_ROLE[role]} - SAID_BEFORE):
        open_page(page, place)
        found += [f"{place}: {words}" for words in left_in_english(page.content())]

    assert "\n".join(found) == ""


def test_a_stranger_chooses_spanish(visit: Visit):
    page = visit()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Español").click()

    found = []
    for place in STRANGER:
        open_page(page, place)
        found += [f"{place}: {words}" for words in left_in_english(page.content())]

    assert page.locator("html").get_attribute("lang") == "es"
    assert "\n".join(found) == ""
