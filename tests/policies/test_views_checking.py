import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from coe_portal.audit.models import AuditEntry
from coe_portal.guard.findings import Kind
from coe_portal.people.models import User
from policies.actions.checking import set_rules
from policies.models import Version

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db

MARKER = "Xyzzyquux"
DRAFT = (
    f"Patient {MARKER} Delacroix, MRN 4471902, is so kind. Our clinic is the best hospital in the state. Views my own."
)


def check(client: Client, text: str = DRAFT, **fields: object) -> Any:
    return client.post("/policies/check/", {"text": text, "author": "own", **fields})


def kinds(response: Any) -> list[str]:
    return [row["finding"].kind for row in response.context["findings"]]


def test_every_spot_is_marked_in_the_text(employee: User, sign_in: SignIn) -> None:
    response = check(sign_in(employee))

    assert kinds(response) == ["patient-name", "record-number", "no-disclosure", "competitor", "views-my-own"]
    assert response.content.decode().count('<mark class="guard-mark"') == 5


def test_hostile_text_is_shown_as_text(employee: User, sign_in: SignIn) -> None:
    body = check(sign_in(employee), "<script>alert(1)</script> MRN 4471902").content.decode()

    assert "&lt;script&gt;alert(1)" in body
    assert "<script>alert(1)" not in body


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"author": "own"}, ["no-disclosure"]),
        ({"author": "official"}, []),
        ({"author": "own", "paid": "on"}, ["no-disclosure"]),
        ({"author": "official", "paid": "on"}, ["no-disclosure"]),
        ({"author": "official", "answer": "on"}, ["confirms-care"]),
        ({"author": "official", "network": "review"}, ["confirms-care"]),
    ],
)
def test_the_situation_counts(employee: User, sign_in: SignIn, fields: dict[str, str], expected: list[str]) -> None:
    text = "We loved your visit! Riverbend Health says thank you."

    assert kinds(check(sign_in(employee), text, **fields)) == expected


def test_a_finding_leads_to_its_clause_if_it_may_be_read(
    version: Version, few: Version, employee: User, strategist: User, sign_in: SignIn
) -> None:
    set_rules(
        by=strategist,
        chosen={
            Kind.PATIENT_NAME: (version.policy_id, "never-name-a-patient"),
            Kind.RECORD_NUMBER: (few.policy_id, "never-name-a-patient"),
            Kind.VIEWS_MY_OWN: (version.policy_id, "no-such-clause"),
        },
    )

    links = {row["finding"].kind: row["clause"] for row in check(sign_in(employee)).context["findings"]}

    assert links[Kind.PATIENT_NAME].url == "/policies/social-media/#never-name-a-patient"
    assert (links[Kind.RECORD_NUMBER], links[Kind.VIEWS_MY_OWN]) == (None, None)


def stored_text() -> str:
    """Every text and JSON column of the database, put together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def cached_text() -> bytes:
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    return b"\n".join(client.get(key) or b"" for key in client.scan_iter() if client.type(key) == b"string")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_nothing_is_kept(
    employee: User, sign_in: SignIn, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    client = sign_in(employee)
    audited = AuditEntry.objects.count()
    with caplog.at_level(logging.DEBUG):
        response = client.post("/policies/check/", {"text": DRAFT, "author": "own"}, headers=headers)

    assert MARKER in response.content.decode()
    assert MARKER not in stored_text()
    assert MARKER.encode() not in cached_text()
    assert MARKER not in caplog.text
    assert MARKER not in str(client.cookies)
    assert AuditEntry.objects.count() == audited
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_search_for_leaks_would_find_one(employee: User) -> None:
    employee.job_title = MARKER
    employee.save()
    cache.set("leak", MARKER)

    assert MARKER in stored_text()
    assert MARKER.encode() in cached_text()


def test_an_address_cannot_carry_a_draft(employee: User, sign_in: SignIn) -> None:
    response = sign_in(employee).get("/policies/check/", {"text": DRAFT, "author": "own"})

    assert MARKER not in response.content.decode()


@pytest.mark.parametrize("text", ["", "x" * 10_001, "a\x00b"])
def test_what_cannot_be_read_is_explained(employee: User, sign_in: SignIn, text: str) -> None:
    response = check(sign_in(employee), text)

    assert (response.status_code, "text" in response.context["form"].errors) == (200, True)


def test_htmx_gets_the_result_alone(employee: User, sign_in: SignIn) -> None:
    response = sign_in(employee).post(
        "/policies/check/", {"text": DRAFT, "author": "own"}, headers={"HX-Request": "true"}
    )

    assert response.content.decode().lstrip().startswith('<div id="result"')


class TestRules:
    def test_strategists_choose_the_clauses(self, version: Version, strategist: User, sign_in: SignIn) -> None:
        client = sign_in(strategist)
        client.post("/policies/check/clauses/", {"phone": f"{version.policy_id}#never-name-a-patient"})

        assert client.get("/policies/check/clauses/").context["form"]["phone"].value() == (
            f"{version.policy_id}#never-name-a-patient"
        )

    def test_only_clauses_in_force_can_be_chosen(self, secret: Version, strategist: User, sign_in: SignIn) -> None:
        response = sign_in(strategist).post(
            "/policies/check/clauses/", {"phone": f"{secret.policy_id}#never-name-a-patient"}
        )

        assert "phone" in response.context["form"].errors

    def test_readers_get_404(self, employee: User, sign_in: SignIn) -> None:
        assert sign_in(employee).get("/policies/check/clauses/").status_code == 404
