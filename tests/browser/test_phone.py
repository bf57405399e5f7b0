"""No page is wider than a phone; tables and boards scroll inside themselves."""

import pytest
from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.conftest import PHONE, Visit

WIDTHS = (390, 320)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("who", pages.BY_ROLE)
def test_every_page_fits_on_a_phone(signed_in: Visit, who: str) -> None:
    page = signed_in(who, viewport=PHONE)

    assert [found for place in pages.BY_ROLE[who] for found in overflows(page, place)] == []


def test_the_pages_of_a_stranger_fit_on_a_phone(visit: Visit) -> None:
    page = visit(viewport=PHONE)

    assert [found for place in pages.STRANGER for found in overflows(page, place)] == []


def overflows(page: Page, place: str) -> list[str]:
    pages.open_page(page, place)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{place} is {wide} px wide at {width} px")
    return found
