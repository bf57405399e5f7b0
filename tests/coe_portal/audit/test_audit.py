import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from coe_portal.audit.actions import record
from coe_portal.audit.models import Access, AuditEntry, Seal, Verification
from coe_portal.audit.queries.trail import entries
from coe_portal.people.models import Department, User
from tests.factories.feedback import CategoryFactory, TopicFactory
from tests.factories.people import AudienceFactory, DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


def test_an_entry_says_who_what_and_on_what(administrator: User):
    department = DepartmentFactory(name="Ward 7")

    record(by=administrator, verb="department.added", on=department, details={"beds": 12})

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.kind, entry.object_id) == (
        administrator, "department.added", "people.department", department.pk,
    )  # fmt: skip
    assert (entry.summary, entry.details) == (f"department.added department {department.pk}", {"beds": 12})


@pytest.mark.parametrize("summary", ["\x00bad", "\ud800lone", "x" * 1_000_000])
def test_bad_bytes_never_make_an_entry_vanish(summary: str):
    record(by=None, verb="x", on=DepartmentFactory(), summary=summary)

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("details", [{"note": "\x00"}, {"note": "\ud800"}, {"deep": ["\x00", {"er": "a\x00b"}]}])
def test_bad_bytes_in_details_do_not_either(details: dict[str, object]):
    record(by=None, verb="x", on=DepartmentFactory(), details=details)

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("role", ["privacy_officer", "administrator"])
def test_the_page_is_for_the_privacy_officer_and_the_administrator(
    role: str, request: pytest.FixtureRequest, sign_in: SignIn
):
    assert sign_in(request.getfixturevalue(role)).get("/administration/audit/").status_code == 200


@pytest.mark.parametrize("role", ["employee", "strategist", "executive"])
def test_nobody_else_reads_it(role: str, request: pytest.FixtureRequest, sign_in: SignIn):
    client = sign_in(request.getfixturevalue(role))

    assert client.get("/administration/audit/").status_code == 403
    assert client.get("/administration/audit/export/").status_code == 403


def test_the_trail_is_narrowed_by_kind_person_and_day(privacy_officer: User, administrator: User, sign_in: SignIn):
    client = sign_in(privacy_officer)
    record(by=administrator, verb="person.moved", on=DepartmentFactory())
    record(by=None, verb="two", on=administrator)
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)

    def verbs(**chosen: object) -> list[str]:
        rows = client.get("/administration/audit/", chosen).context["page"].rows
        return [entry.verb for entry in rows if entry.verb != "audit.read"]

    assert verbs() == ["two", "person.moved"]
    assert verbs(kind="people.user") == ["two"]
    assert verbs(kind="people.user", object_id=administrator.pk) == ["two"]
    assert verbs(person=administrator.name) == ["person.moved"]
    assert verbs(about=administrator.email) == ["two", "person.moved"]
    assert verbs(verb="person.moved") == ["person.moved"]
    assert verbs(text="two user") == ["two"]
    assert verbs(since=today, until=today) == ["two", "person.moved"]
    assert verbs(since=tomorrow) == []


@pytest.mark.parametrize(
    ("chosen", "index"),
    [({"verb": "person.moved"}, "audit_verb_newest"), ({"text": "enrolment 4711"}, "audit_words")],
)
def test_a_search_goes_by_an_index(chosen: dict[str, str], index: str):
    """Of a few rows PostgreSQL reads all; so it is asked what it would do if that were dear, with no order to help."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")

    assert index in entries(chosen).order_by().explain()


def test_an_older_page_begins_where_it_begins(privacy_officer: User, sign_in: SignIn):
    record(by=None, verb="x", on=DepartmentFactory())
    client = sign_in(privacy_officer)
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        client.get("/administration/audit/", {"before": f"{timezone.now().isoformat()}~9"})
        (sql,) = [each["sql"] for each in asked if "LIMIT 51" in each["sql"]]
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Cond: (at <=" in plan


def test_verbs_that_read_alike_are_one_choice(privacy_officer: User, sign_in: SignIn):
    client = sign_in(privacy_officer)
    for verb in ("department.added", "synonym.added", "department.closed"):
        record(by=None, verb=verb, on=DepartmentFactory())
    choices = client.get("/administration/audit/").context["form"].fields["verb"].choices
    (added,) = [verb for verb, words in choices if words == "added"]

    rows = client.get("/administration/audit/", {"verb": added}).context["page"].rows

    assert {entry.verb for entry in rows} == {"department.added", "synonym.added"}


def test_the_page_takes_a_constant_number_of_queries(privacy_officer: User, sign_in: SignIn, django_assert_num_queries):
    """The entries, the objects of each kind that is on the page, and the entry about the reader."""
    client = sign_in(privacy_officer)
    record(by=privacy_officer, verb="x", on=DepartmentFactory())
    client.get("/administration/audit/")
    with django_assert_num_queries(4):
        client.get("/administration/audit/")
    for _ in range(2):
        record(by=privacy_officer, verb="x", on=DepartmentFactory())

    with django_assert_num_queries(4):
        client.get("/administration/audit/")


def test_who_reads_or_exports_the_trail_is_in_it(privacy_officer: User, sign_in: SignIn):
    client = sign_in(privacy_officer)

    client.get("/administration/audit/", {"text": "Rosa"})
    client.get("/administration/audit/export/")

    found = AuditEntry.objects.filter(actor=privacy_officer).order_by("pk").values_list("verb", "details")
    assert list(found) == [("audit.read", {"by": ["text"]}), ("audit.exported", {})]


def test_an_object_is_named_only_to_those_who_may_see_it(privacy_officer: User, sign_in: SignIn, strategist: User):
    hidden = TopicFactory(title="Hidden room", category=CategoryFactory(audience=AudienceFactory()))
    record(by=strategist, verb="pinned", on=hidden)

    page = sign_in(privacy_officer).get("/administration/audit/").content.decode()

    assert "Hidden room" not in page
    assert strategist.name in page


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_export_ends_with_the_head(form: str, privacy_officer: User, sign_in: SignIn):
    record(by=privacy_officer, verb="x", on=DepartmentFactory())
    head = Seal.objects.create(
        number=1, at=timezone.now(), after=0, upto=0, entries=0, content="c" * 64, hash="a" * 64,
        signature="b" * 64, seen_id=1, seen_transaction=1,
    )  # fmt: skip

    exported = b"".join(sign_in(privacy_officer).get(f"/administration/audit/export/?format={form}").streaming_content)

    if form == "xlsx":
        cells = [cell for row in load_workbook(BytesIO(exported)).active.values for cell in row if cell]
        assert any(head.hash in str(cell) for cell in cells)
    else:
        assert head.hash in exported.decode()
    if form == "json":
        assert {each["verb"] for each in json.loads(exported)["entries"]} == {"x", "audit.exported"}


def test_the_page_of_the_chain_says_what_is_wrong(administrator: User, sign_in: SignIn):
    client = sign_in(administrator)
    assert "Not verified yet" in client.get("/administration/audit/verification/").content.decode()
    Verification.objects.create(at=timezone.now(), entries=3, seals=1, problem="changed", broken_entry=17, seconds=0)

    page = client.get("/administration/audit/verification/").content.decode()

    assert "at entry 17" in page
    assert client.get("/healthz").json()["audit"] == "broken"


def test_sign_ins_failures_and_refusals_are_noted_without_what_was_typed(
    employee: User, privacy_officer: User, sign_in: SignIn
):
    employee.set_password("a-long-enough-password")
    employee.save()
    client = Client()
    client.post("/accounts/login/", {"login": employee.email, "password": "not-my-password-at-all"})
    client.post("/accounts/login/", {"login": "my-secret@typed.example", "password": "x"})
    client.post("/accounts/login/", {"login": employee.email, "password": "a-long-enough-password"})
    client.get("/administration/audit/?about=secret")
    client.post("/accounts/logout/")

    found = list(Access.objects.order_by("pk").values_list("event", "person", "address", "path"))

    assert found == [
        ("failed", employee.pk, "127.0.0.1", "/accounts/login/"),
        ("failed", None, "127.0.0.1", "/accounts/login/"),
        ("signed_in", employee.pk, "127.0.0.1", "/accounts/login/"),
        ("denied", employee.pk, "127.0.0.1", "/administration/audit/"),
        ("signed_out", employee.pk, "127.0.0.1", "/accounts/logout/"),
    ]
    page = sign_in(privacy_officer).get("/administration/audit/access/?event=denied").content.decode()
    assert employee.name in page
    assert "secret" not in page


def test_the_export_takes_no_cell_for_a_formula(privacy_officer: User, sign_in: SignIn):
    record(by=privacy_officer, verb="x", on=DepartmentFactory(), summary="=HYPERLINK(1)")

    exported = b"".join(sign_in(privacy_officer).get("/administration/audit/export/").streaming_content).decode()

    assert "'=HYPERLINK(1)" in exported


def test_what_the_filter_does_not_take_is_neither_shown_nor_exported(privacy_officer: User, sign_in: SignIn):
    client = sign_in(privacy_officer)
    record(by=privacy_officer, verb="x", on=DepartmentFactory())

    page = client.get("/administration/audit/?since=2026-13-45")
    answer = client.get("/administration/audit/export/?since=2026-13-45")

    assert list(page.context["page"].rows) == []
    assert answer["Location"] == "/administration/audit/?since=2026-13-45"
    assert AuditEntry.objects.filter(verb="audit.exported").count() == 0


def test_a_workbook_never_leaves_entries_out(privacy_officer: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("coe_portal.audit.views.MOST_IN_A_WORKBOOK", 2)
    for _number in range(3):
        record(by=privacy_officer, verb="x", on=DepartmentFactory())
    client = sign_in(privacy_officer)

    answer = client.get("/administration/audit/export/?format=xlsx", follow=True)

    assert "too many for a workbook" in answer.content.decode()
    assert client.get("/administration/audit/export/?format=xlsx&verb=x")["Location"].endswith("?format=xlsx&verb=x")
    assert client.get("/administration/audit/export/").status_code == 200


def test_the_export_says_in_words_what_was_done(privacy_officer: User, sign_in: SignIn):
    record(by=privacy_officer, verb="hold.placed", on=DepartmentFactory())

    exported = b"".join(sign_in(privacy_officer).get("/administration/audit/export/").streaming_content).decode()

    assert exported.splitlines()[2].endswith(",placed a legal hold,department,")


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (" " + "A" * 64, "The trail holds this hash"),
        ("b" * 64, "The trail does not hold this hash"),
        ("b" * 63, "look whether all of it is here"),
        ("", "This field is required"),
    ],
)
def test_a_hash_that_was_kept_outside_is_looked_up_on_the_page(
    kept: str, said: str, privacy_officer: User, sign_in: SignIn
):
    Seal.objects.create(
        number=1, at=timezone.now(), after=0, upto=0, entries=0, content="c" * 64, hash="a" * 64,
        signature="b" * 64, seen_id=1, seen_transaction=1,
    )  # fmt: skip

    page = sign_in(privacy_officer).get("/administration/audit/verification/", {"kept": kept}).content.decode()

    assert [each for each in (
        "The trail holds this hash", "The trail does not hold this hash", "look whether all of it is here",
        "This field is required",
    ) if each in page] == [said]  # fmt: skip


class TestNamesInDetails:
    """A number alone says nothing to who reads it."""

    @pytest.fixture
    def department(self) -> Department:
        return DepartmentFactory(name="Emergency")

    def test_what_the_reader_may_see_is_named_with_its_number(
        self, department: Department, privacy_officer: User, employee: User, sign_in: SignIn
    ):
        secret = CategoryFactory(name="Crisis desk", audience=AudienceFactory(name="Crisis team"))
        open_room = CategoryFactory(name="Everyday", audience=privacy_officer.audiences.get())
        moved = {"before": secret.pk, "after": open_room.pk}
        record(by=employee, verb="moved", on=TopicFactory(category=open_room), details=moved)
        record(by=employee, verb="role.delegated", on=employee, details={"from": employee.pk, "branch": department.pk})
        record(by=employee, verb="hold.placed", on=department, details={"audience": secret.audience_id, "people": 3})
        record(by=employee, verb="x", on=department, details={"department": 2**40, "departments": 7, "before": 30})

        page = sign_in(privacy_officer).get("/administration/audit/")

        facts = [dict(line.facts) for line in page.context["lines"]]
        assert facts[:4] == [
            {"department": str(2**40), "departments": "7", "before": "30"},
            {"audience": f"Crisis team ({secret.audience_id})", "people": "3"},
            {"from": f"{employee.name} ({employee.pk})", "branch": f"Emergency ({department.pk})"},
            {"before": str(secret.pk), "after": f"Everyday ({open_room.pk})"},
        ]
        assert "Crisis desk" not in page.content.decode()

    @pytest.mark.parametrize("number", [1, 3])
    def test_one_query_a_kind_of_thing(
        self, number: int, privacy_officer: User, sign_in: SignIn, django_assert_num_queries: Any
    ):
        client = sign_in(privacy_officer)
        client.get("/administration/audit/")
        for _each in range(number):
            told = {"department": DepartmentFactory().pk, "person": PersonFactory().pk}
            record(by=privacy_officer, verb="x", on=DepartmentFactory(), details=told)

        with django_assert_num_queries(4):
            client.get("/administration/audit/")

    @pytest.mark.parametrize("form", ["csv", "json"])
    def test_the_export_names_them_too(self, form: str, department: Department, privacy_officer: User, sign_in: SignIn):
        record(by=privacy_officer, verb="x", on=department, details={"parent": department.pk, "words": 12})

        answer = sign_in(privacy_officer).get(f"/administration/audit/export/?format={form}")

        exported = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()
        words = f"words: 12 · department above: Emergency ({department.pk})"
        if form == "json":
            assert [each["details_in_words"] for each in json.loads(exported)["entries"] if each["verb"] == "x"] == [
                words
            ]
        else:
            assert words in exported
