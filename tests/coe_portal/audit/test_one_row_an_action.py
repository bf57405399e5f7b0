"""What an administrator or a privacy officer changes leaves exactly one entry, whatever bytes are sent along."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from coe_portal.audit.actions import record
from coe_portal.audit.models import AuditEntry
from coe_portal.people.models import User
from coe_portal.privacy.models import Erasure, LegalHold, RetentionPeriod
from tests.factories.people import DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
Fields = Callable[[], dict[str, Any]]

# Who, where, what is sent, and the field that a person types into.
ACTIONS: Mapping[str, tuple[str, str, Fields, str, str]] = {
    "department.added": (
        "administrator", "/administration/departments/add/", lambda: {"name": "Ward 7", "code": "W7"}, "name",
        "department.added",
    ),
    "person.added": (
        "administrator", "/administration/people/add/",
        lambda: {
            "email": "new@riverbend.example", "name": "New", "kind": "office", "department": DepartmentFactory().pk,
        },
        "name", "person.added",
    ),
    "erasure.proposed": (
        "administrator", "/privacy/erasures/propose/",
        lambda: {"person": PersonFactory().email, "reason": "Asked"}, "reason", "erasure.proposed",
    ),
    "hold.placed": (
        "privacy_officer", "/privacy/holds/", lambda: {"kind": "feedback.drafts", "reason": "Matter"}, "reason",
        "hold.placed",
    ),
    "retention.changed": (
        "privacy_officer", "/privacy/retention/feedback.drafts/", lambda: {"days": "90", "seen": "90"},
        "days", "retention.changed",
    ),
    "audit.verified": ("privacy_officer", "/administration/audit/verification/now/", dict, "x", "audit.verified"),
}  # fmt: skip
BAD = {"NUL": "a\x00b", "lone surrogate": "a\udc80b", "a megabyte": "x" * 1_000_000}


def entries(verb: str) -> int:
    return AuditEntry.objects.filter(verb=verb).count()


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_leaves_one_entry(name: str, request: pytest.FixtureRequest, sign_in: SignIn):
    who, path, fields, _field, verb = ACTIONS[name]
    client = sign_in(request.getfixturevalue(who))

    answer = client.post(path, fields())

    assert answer.status_code == 302
    assert entries(verb) == 1


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ACTIONS)
def test_bad_bytes_are_refused_or_leave_one_entry(name: str, bad: str, request: pytest.FixtureRequest, sign_in: SignIn):
    who, path, fields, field, verb = ACTIONS[name]
    client = sign_in(request.getfixturevalue(who))
    body = {**fields(), field: BAD[bad]}
    sent = "&".join(f"{key}={value}" for key, value in body.items()).encode("utf-8", "surrogateescape")

    answer = client.generic("POST", path, sent, content_type="application/x-www-form-urlencoded")

    assert answer.status_code < 500
    assert entries(verb) == (1 if answer.status_code == 302 else 0)
    done = LegalHold.objects.count() + RetentionPeriod.objects.count() + Erasure.objects.count()
    assert done == (entries(verb) if verb in {"hold.placed", "retention.changed", "erasure.proposed"} else 0)


@pytest.mark.parametrize("bad", BAD)
def test_no_bytes_make_an_entry_vanish(bad: str, administrator: User):
    record(by=administrator, verb="x", on=DepartmentFactory(), summary=BAD[bad], details={BAD[bad][:50]: [BAD[bad]]})

    assert entries("x") == 1
