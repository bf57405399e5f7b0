"""Every change is on record: whatever is sent to the portal and accepted leaves the entries it should, and no more.

A new address that takes a POST fails until somebody has decided what it leaves: see `tests/permissions/changes`.
"""

import importlib
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from coe_portal.audit.models import AuditEntry
from coe_portal.people.models import User
from tests.demo import Sessions
from tests.permissions.changes import CHANGES, PROVEN, QUIET, Change, Page
from tests.permissions.changes.kinds import ME
from tests.permissions.samples import FIELDS, person, sample
from tests.permissions.table import rows

ROWS = {row.name: row for row in rows()}
TAKES_POST = sorted(name for name, row in ROWS.items() if any("do" in cell.split() for cell in row.cells.values()))
ROLES_BY_REACH = ("employee", "coordinator", "strategist", "executive", "privacy", "admin", "nobody")

pytestmark = pytest.mark.django_db


def opened(route: str, role: str, arguments: dict[str, Any]) -> Page:
    client = Client()
    if role != "nobody":
        client.force_login(person(role), backend="coe_portal.people.backends.PortalBackend")
    return Page(route, client, reverse(route, kwargs=arguments), arguments)


def arguments_of(route: str) -> dict[str, Any]:
    pattern = ROWS[route].address
    names = [part.partition("}")[0] for part in pattern.split("{")[1:]]
    return sample(route, names)


def newest_entry() -> int:
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def entries_after(entry_id: int) -> list[tuple[str, str, int | None, int | None]]:
    found = AuditEntry.objects.filter(pk__gt=entry_id).order_by("pk")
    return list(found.values_list("verb", "kind", "object_id", "actor_id"))


def problems(answer: HttpResponse) -> object:
    """What a form said, for whoever reads the failure."""
    form = answer.context.get("form") if answer.context else None
    return dict(form.errors) if form is not None and getattr(form, "errors", None) else answer.headers.get("Location")


def actor_of(by: str, person_id: int | None) -> int | None:
    """Whoever sent it, the account that came to be by it, or a person of the demo."""
    if by == ME:
        return person_id
    return User.objects.latest("pk").pk if by == "newcomer" else person(by).pk


def expected_of(change: Change, before: list[int | None], person_id: int | None) -> list[object]:
    objects = [
        known if known is not None else each.newest() for each, known in zip(change.entries, before, strict=True)
    ]
    return [
        (each.verb, each.kind, about, actor_of(each.by, person_id))
        for each, about in zip(change.entries, objects, strict=True)
    ]


def test_every_address_that_takes_a_post_is_decided_upon_once() -> None:
    decided = [*CHANGES, *QUIET, *PROVEN]

    assert sorted(set(TAKES_POST) - set(decided)) == []
    assert sorted(set(decided) - set(TAKES_POST)) == []
    assert len(decided) == len(set(decided))
    assert [name for name, change in CHANGES.items() if len(change.entries) != 1 and not change.because] == []
    assert [name for name, reason in QUIET.items() if len(reason) < 20] == []


@pytest.mark.parametrize("route", sorted(CHANGES))
def test_a_change_leaves_its_entries(route: str, sessions: Sessions) -> None:
    change = CHANGES[route]
    arguments = change.arguments() if change.arguments else arguments_of(route)
    page = opened(route, change.role, arguments)
    person_id = None if change.role == "nobody" else person(change.role).pk
    sent = {**change.fields(page), **change.files}
    before = [each.object_before(arguments, person_id) for each in change.entries]
    newest = newest_entry()

    answer = page.client.post(page.url, sent)

    assert answer.status_code == change.status, problems(answer)
    assert entries_after(newest) == expected_of(change, before, person_id), problems(answer)


@pytest.mark.parametrize("route", sorted(set(QUIET) & set(TAKES_POST)))
def test_what_is_no_change_of_record_leaves_none(route: str, sessions: Sessions) -> None:
    may = [role for role in ROLES_BY_REACH if "do" in ROWS[route].for_samples[role].split()]
    page = opened(route, may[0], arguments_of(route))
    newest = newest_entry()

    answer = page.client.post(page.url, FIELDS.get(route, dict)())

    assert answer.status_code < 500
    assert entries_after(newest) == []


@pytest.mark.parametrize("route", sorted(PROVEN))
def test_what_takes_more_than_a_request_is_proven_by_a_test_that_exists(route: str) -> None:
    module, _colons, name = PROVEN[route].partition("::")
    found: Any = importlib.import_module(module.removesuffix(".py").replace("/", "."))
    for part in name.split("::"):
        found = getattr(found, part)

    assert callable(found)
