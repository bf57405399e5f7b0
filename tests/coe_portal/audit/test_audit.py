from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from coe_portal.audit.actions import record
from coe_portal.audit.models import AuditEntry
from coe_portal.people.models import User
from tests.factories.people import DepartmentFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


def test_an_entry_says_who_what_and_on_what(administrator: User):
    department = DepartmentFactory(name="Ward 7")

    record(by=administrator, verb="department.added", on=department, details={"beds": 12})

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.kind, entry.object_id) == (
        administrator, "department.added", "people.department", department.pk,
    )  # fmt: skip
    assert (entry.summary, entry.details) == ("department.added Ward 7", {"beds": 12})


@pytest.mark.parametrize("summary", ["\x00bad", "\ud800lone", "x" * 1_000_000])
def test_bad_bytes_never_make_an_entry_vanish(summary: str):
    record(by=None, verb="x", on=DepartmentFactory(), summary=summary)

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("details", [{"note": "\x00"}, {"note": "\ud800"}, {"deep": ["\x00", {"er": "a\x00b"}]}])
def test_bad_bytes_in_details_do_not_either(details: dict[str, object]):
    record(by=None, verb="x", on=DepartmentFactory(), details=details)

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("statement", ["UPDATE audit_auditentry SET verb = 'y'", "DELETE FROM audit_auditentry"])
def test_the_database_refuses_to_change_or_remove(statement: str):
    record(by=None, verb="x", on=DepartmentFactory())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEntry.objects.get().verb == "x"


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
    record(by=administrator, verb="one", on=DepartmentFactory())
    record(by=None, verb="two", on=administrator)
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)

    def verbs(**chosen: object) -> list[str]:
        return [entry.verb for entry in client.get("/administration/audit/", chosen).context["page"].rows]

    assert verbs() == ["two", "one"]
    assert verbs(kind="people.user") == ["two"]
    assert verbs(person=administrator.name) == ["one"]
    assert verbs(since=today, until=today) == ["two", "one"]
    assert verbs(since=tomorrow) == []


def test_the_page_takes_a_constant_number_of_queries(privacy_officer: User, sign_in: SignIn, django_assert_num_queries):
    client = sign_in(privacy_officer)
    record(by=privacy_officer, verb="x", on=DepartmentFactory())
    client.get("/administration/audit/")
    with django_assert_num_queries(1):
        client.get("/administration/audit/")
    for _ in range(2):
        record(by=privacy_officer, verb="x", on=DepartmentFactory())

    with django_assert_num_queries(1):
        client.get("/administration/audit/")


def test_the_export_takes_no_cell_for_a_formula(privacy_officer: User, sign_in: SignIn):
    record(by=privacy_officer, verb="x", on=DepartmentFactory(), summary="=HYPERLINK(1)")

    exported = b"".join(sign_in(privacy_officer).get("/administration/audit/export/").streaming_content).decode()

    assert "'=HYPERLINK(1)" in exported
