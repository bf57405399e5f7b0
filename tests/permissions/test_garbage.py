"""Whatever is written into an address or a form by hand, the portal answers, and never with a crash of its own.

The names are those the code reads and the templates send, so that a new one is tried by itself.
"""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.permissions.addresses import ADDRESSES, Address
from tests.permissions.samples import sample
from tests.permissions.table import ROLES, rows

ROOT = Path(__file__).parent.parent.parent
CODE = ("coe_portal", "policies", "training", "feedback", "metrics")
READ = re.compile(r"\b(?:GET|POST)(?:\.get|\.getlist)?[(\[]\"(\w+)\"")
FIELD = re.compile(r"^    (\w+) = (?:forms\.\w+|\w+_field|\w+Field)\(", re.MULTILINE)
SENT = re.compile(r"\bname=\"(\w+)\"")
ROWS = {row.name: row for row in rows()}
READ_BY = [each for each in ADDRESSES if each.name in ROWS and any("read" in c for c in ROWS[each.name].cells.values())]
SENT_TO = [each for each in ADDRESSES if each.name in ROWS and any("do" in c for c in ROWS[each.name].cells.values())]
GARBAGE = {
    "the last day there is": "9999-12-31",
    "the first day there is": "0001-01-01",
    "a place in a list past all numbers": "z~999999999999999999",
    "digits that are no number": "²",
    "more digits than a column holds": "9" * 40,
}


def names() -> list[str]:
    code = [path.read_text(encoding="utf-8") for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    found = {name for text in code for name in (*READ.findall(text), *FIELD.findall(text))}
    return sorted(found | {name for text in pages for name in SENT.findall(text)} - {"csrfmiddlewaretoken"})


NAMES = names()


def client_for(address: Address, word: str, clients: dict[str, Client]) -> tuple[Client, str]:
    """The first who may, and the address of what they may it with."""
    may = [role for role in reversed(ROLES) if word in ROWS[address.name].for_samples[role].split()]
    return clients[may[0]], reverse(address.name, kwargs=sample(address.name, address.arguments))


def test_the_names_are_found() -> None:
    assert {"before", "q", "day", "audience", "until", "title"} <= set(NAMES)


@pytest.mark.parametrize("address", READ_BY, ids=str)
def test_no_garbage_in_an_address_breaks_the_page(address: Address, clients: dict[str, Client]) -> None:
    client, url = client_for(address, "read", clients)

    for garbage in GARBAGE.values():
        answer = client.get(url, dict.fromkeys(NAMES, garbage))
        if answer.streaming:
            b"".join(answer.streaming_content)

        assert answer.status_code < 500 or address.name == "home:healthz"


@pytest.mark.parametrize("address", SENT_TO, ids=str)
def test_no_garbage_in_a_form_breaks_the_page(address: Address, clients: dict[str, Client]) -> None:
    client, url = client_for(address, "do", clients)

    for garbage in (*GARBAGE.values(), "a\x00b"):
        assert client.post(url, dict.fromkeys(NAMES, garbage)).status_code < 500


@pytest.mark.parametrize(
    "url",
    ["/search/?q=a%00b", "/administration/audiences/?before=a%00~1", "/accounts/login/?next=%00"],
)
def test_a_nul_in_an_address_is_refused(url: str, clients: dict[str, Client]) -> None:
    assert clients["strategist"].get(url).status_code == 400


@pytest.mark.parametrize("url", ["/search/", "/policies/", "/administration/audiences/"])
def test_bytes_that_are_no_letters_are_read_as_well_as_can_be(url: str, clients: dict[str, Client]) -> None:
    assert clients["strategist"].get(f"{url}?q=%ff%fe&before=%ff~1").status_code == 200
