"""Every address of the portal, as every role: what docs/permissions.md says is what happens.

An address without a row fails, and the failure shows the row as the portal behaves now: to be read, not just pasted.
"""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.permissions.addresses import ADDRESSES, Address
from tests.permissions.samples import FIELDS, sample
from tests.permissions.table import CELLS, NO, Row, rows

METHODS = {"read": "get", "do": "post"}
REFUSED = {"sign in", "token", 403, 404, 405}
CRASHES = {500, 502}  # not 503, with which /healthz says that the test has no workers


ROWS = {row.name: row for row in rows()}


def status(client: Client, method: str, url: str, fields: Mapping[str, Any] | None = None) -> int | str:
    """The status, or what is asked for instead: to sign in, or a token. Whatever was done is undone."""
    point = transaction.savepoint()
    answer = getattr(client, method)(url, fields)
    if answer.streaming:
        b"".join(answer.streaming_content)
    transaction.savepoint_rollback(point)
    if answer.status_code == 302 and answer.url.startswith(reverse("account_login")):
        return "sign in"
    if answer.headers.get("WWW-Authenticate", "").startswith("Bearer"):
        return "token"
    return int(answer.status_code)


def url_of(address: Address, *, of_others: bool = False) -> str:
    return reverse(address.name, kwargs=sample(address.name, address.arguments, of_others=of_others))


def observed(address: Address, clients: Mapping[str, Client], *, of_others: bool = False) -> dict[str, str]:
    """Per role, what the portal lets it do, in the words of the table."""
    url, fields = url_of(address, of_others=of_others), FIELDS.get(address.name, dict)()
    cells = {}
    for role, client in clients.items():
        let_in = [word for word, method in METHODS.items() if is_let_in(status(client, method, url, fields))]
        cells[role] = " ".join(let_in) or NO
    return cells


def is_let_in(found: int | str) -> bool:
    assert found not in CRASHES
    return found not in REFUSED


def words(pattern: str) -> str:
    """The address as a person reads it."""
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>", lambda m: f"{{{m[1] or m[2]}}}", pattern)
    return plain.replace("^", "").replace("$", "").replace("\\", "")


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    """A new one: write its row, a sample where it has arguments, and run this file with `-k` and its name."""
    assert sorted({each.name for each in ADDRESSES} - set(ROWS)) == []
    assert [row.name for row in rows() if row.name not in {each.name for each in ADDRESSES}] == []
    assert [row.name for row in rows() if set(row.cells.values()) - CELLS] == []
    assert len(ROWS) == len(list(rows()))


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_an_address_lets_in_whom_the_table_says(address: Address, clients: dict[str, Client]) -> None:
    found = observed(address, clients)
    row = ROWS.get(address.name)
    assert row, f"docs/permissions.md has no row. As it is now:\n{Row(address.name, words(address.pattern), found)}"

    assert row.address == words(address.pattern)
    assert found == row.for_samples


@pytest.mark.parametrize(
    "address", [each for each in ADDRESSES if each.name in ROWS and ROWS[each.name].is_limited], ids=str
)
def test_nobody_gets_at_what_belongs_to_others(address: Address, clients: dict[str, Client]) -> None:
    assert observed(address, clients, of_others=True) == ROWS[address.name].for_samples_of_others
