"""What makes a page easy to read: lines of a good length, one button that stands out, cards that begin with a name."""

import pytest

from tests.browser import pages
from tests.browser.conftest import PHONE, Visit

LONGEST_LINE = 78  # characters: 75 and what an average hides
WIDE_PARAGRAPHS = """
    longest => [...document.querySelectorAll('main p:not(:has(select))')]
        .filter(each => {
            const range = document.createRange();
            range.selectNodeContents(each);
            const lines = new Set([...range.getClientRects()].map(line => Math.round(line.top / 12))).size;
            return lines > 1 && each.innerText.length / lines > longest;
        })
        .map(each => each.innerText)
"""


@pytest.mark.timeout(180)
@pytest.mark.parametrize("who", ["admin", "strategist", "privacy"])
def test_no_line_of_text_is_too_long_to_find_the_next_one(signed_in: Visit, who: str) -> None:
    page = signed_in(who)
    found = []
    for place in pages.BY_ROLE[who]:
        pages.open_page(page, place)
        found += [(place, text) for text in page.evaluate(WIDE_PARAGRAPHS, LONGEST_LINE)]

    assert found == []


def test_one_thing_to_do_stands_out(signed_in: Visit) -> None:
    page = signed_in("employee")
    for place in ("/", "/my/"):
        page.goto(place)
        buttons = page.locator(".row-action .button").evaluate_all("found => found.map(each => each.dataset.kind)")

        assert buttons[:3] == ["primary", "secondary", "secondary"]
        assert buttons.count("primary") == 1


def test_a_card_of_a_table_begins_with_its_name(signed_in: Visit) -> None:
    page = signed_in("admin", viewport=PHONE)
    page.goto("/administration/audit/")
    row = page.locator("tbody tr").first
    name, date = row.locator("th").bounding_box(), row.locator("td").first.bounding_box()

    assert name
    assert date
    assert name["y"] < date["y"]


def test_filters_stand_two_to_a_line_on_a_phone(signed_in: Visit) -> None:
    page = signed_in("admin", viewport=PHONE)
    page.goto("/administration/people/")
    tops = page.locator(".filter-bar > .field").evaluate_all("found => found.map(each => each.offsetTop)")

    assert len(set(tops)) < len(tops)


def test_departments_to_choose_from_are_in_the_order_of_their_names(signed_in: Visit) -> None:
    page = signed_in("strategist")
    page.goto("/announcements/1/receipts/")
    names = page.locator("#department option").all_inner_texts()[1:]

    assert len(names) > 2
    assert names == sorted(names, key=str.casefold)
