"""Whoever changes, removes, inserts or reorders entries, even as the owner without triggers, is found out."""

import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from coe_portal.audit.actions import record
from coe_portal.audit.actions.sealing import seal, seal_all
from coe_portal.audit.actions.verifying import note_verification, prune
from coe_portal.audit.models import AuditEntry, Pruning, Seal, Verification
from coe_portal.audit.queries.verifying import verify
from coe_portal.core.database_roles import as_owner, has_owner, may_rewrite
from tests.factories.people import DepartmentFactory

pytestmark = pytest.mark.django_db(transaction=True)

Problem = Verification.Problem
RECOMPUTED = """
    UPDATE audit_auditentry SET digest = sha256(convert_to(json_build_array(
        id, (extract(epoch FROM at) * 1000000)::bigint, actor_id, verb, kind, object_id, summary, details
    )::text, 'UTF8'))
"""


def written(number: int = 5) -> list[int]:
    department = DepartmentFactory()
    return [record(by=None, verb=f"verb {n}", on=department, details={"n": n}).pk for n in range(number)]


def sealed(number: int = 5) -> list[int]:
    ids = written(number)
    seal_up_to(ids[-1])
    return ids


def seal_up_to(entry_id: int) -> None:
    """Transactions of other databases on the same server, of tests that run beside, count as under way, too."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        seal_all(at=timezone.now())
        if Seal.objects.filter(upto__gte=entry_id).exists():
            return
        time.sleep(0.05)
    raise AssertionError("The entries were not sealed.")


def as_attacker(*statements: str) -> None:
    """The owner of the tables, with every trigger off."""
    with as_owner(), connection.cursor() as cursor:
        for table in ("audit_auditentry", "audit_seal", "audit_pruning", "audit_verification"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in ("audit_auditentry", "audit_seal", "audit_pruning", "audit_verification"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_untouched_trail_is_whole():
    sealed(5)
    written(2)

    outcome = verify()

    assert (outcome.problem, outcome.entries, outcome.head) == ("", 7, Seal.objects.latest("number").hash)


def test_nothing_new_adds_no_seal():
    sealed(1)

    assert seal(at=timezone.now()) is None
    assert seal_all(at=timezone.now()) == 0


def test_a_changed_entry_is_named():
    ids = sealed()

    as_attacker(f"UPDATE audit_auditentry SET summary = 'nothing happened' WHERE id = {ids[2]}")

    assert (verify().problem, verify().broken_entry) == (Problem.CHANGED, ids[2])


def test_every_column_counts():
    ids = sealed(4)
    changes = ["at = at + interval '1 microsecond'", "object_id = NULL", "details = '{}'", "kind = 'x'"]

    for entry_id, change in reversed(list(zip(ids, changes, strict=True))):
        as_attacker(f"UPDATE audit_auditentry SET {change} WHERE id = {entry_id}")

        assert verify().broken_entry == entry_id


def test_a_change_with_its_digest_made_anew_breaks_the_seal():
    ids = sealed()

    as_attacker(f"UPDATE audit_auditentry SET verb = 'x' WHERE id = {ids[2]}", RECOMPUTED)

    assert (verify().problem, verify().broken_entry) == (Problem.REPLACED, ids[0])


def test_a_removed_entry_is_found():
    ids = sealed()

    as_attacker(f"DELETE FROM audit_auditentry WHERE id = {ids[3]}")

    assert verify().problem == Problem.MISSING


def test_an_entry_slipped_in_between_is_found():
    ids = sealed()

    as_attacker(
        f"DELETE FROM audit_auditentry WHERE id = {ids[3]}",
        "INSERT INTO audit_auditentry (id, at, verb, kind, summary, details)"
        f" VALUES ({ids[3]}, now(), 'x', 'x', 'x', '{{}}')",
        RECOMPUTED,
    )

    assert verify().problem == Problem.REPLACED


@pytest.mark.parametrize("number", [0, -5])
def test_an_entry_below_the_first_number_is_found(number: int):
    sealed()
    assert verify().problem == ""

    as_attacker(
        "INSERT INTO audit_auditentry (id, at, verb, kind, summary, details)"
        f" VALUES ({number}, now(), 'x', 'x', 'x', '{{}}')"
    )

    assert (verify().problem, verify().broken_entry) == (Problem.ADDED, number)


def test_two_entries_that_changed_places_are_found():
    ids = sealed()

    as_attacker(
        f"UPDATE audit_auditentry SET id = -1 WHERE id = {ids[1]}",
        f"UPDATE audit_auditentry SET id = {ids[1]} WHERE id = {ids[2]}",
        f"UPDATE audit_auditentry SET id = {ids[2]} WHERE id = -1",
    )

    assert (verify().problem, verify().broken_entry) == (Problem.CHANGED, ids[1])


def test_a_chain_made_anew_lacks_the_signature():
    sealed()
    newest = Seal.objects.latest("number")

    as_attacker(f"UPDATE audit_seal SET signature = repeat('0', 64) WHERE id = {newest.pk}")

    assert verify().problem == Problem.SIGNATURE


def test_a_changed_seal_is_found():
    sealed()

    as_attacker("UPDATE audit_seal SET entries = entries + 1 WHERE number = 2")

    assert verify().problem == Problem.CHAIN


def test_a_chain_that_was_cut_short_is_found():
    sealed()
    note_verification(by=None)
    as_attacker("DELETE FROM audit_auditentry", "DELETE FROM audit_seal")

    assert verify().problem == Problem.SHORTER


def test_an_entry_whose_transaction_ends_late_is_sealed_and_nothing_waits():
    """Entry 1 is written first and committed last: no seal goes past it, and no writer waits for the sealer."""
    department = DepartmentFactory()
    is_written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                record(by=None, verb="slow", on=department)
                is_written.set()
                assert may_commit.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert is_written.wait(20)
    record(by=None, verb="quick", on=department)
    seal_all(at=timezone.now())
    record(by=None, verb="quicker", on=department)
    seal_all(at=timezone.now())
    beyond = Seal.objects.latest("number").upto

    may_commit.set()
    writer.join()
    seal_up_to(AuditEntry.objects.latest("pk").pk)

    assert beyond == 0
    assert Seal.objects.latest("number").upto == AuditEntry.objects.latest("pk").pk
    assert (verify().problem, sum(each.entries for each in Seal.objects.all())) == ("", 3)


def test_the_command_says_so_and_fails(capsys):
    ids = sealed()
    call_command("verify_audit")
    head = Seal.objects.latest("number").hash
    call_command("verify_audit", head=head)
    assert head in capsys.readouterr().out
    with pytest.raises(CommandError, match="made anew"):
        call_command("verify_audit", head="0" * 64)

    as_attacker(f"UPDATE audit_auditentry SET verb = 'x' WHERE id = {ids[0]}")

    with pytest.raises(CommandError, match=f"at entry {ids[0]}"):
        call_command("verify_audit")
    assert Verification.objects.latest("pk").problem == Problem.CHANGED


def test_old_entries_go_and_the_chain_holds():
    with time_machine.travel(timezone.now() - timedelta(days=6 * 366 + 2), tick=True):
        old = sealed(3)
    sealed(2)

    assert prune(before=timezone.now() - timedelta(days=6 * 366)) == 3
    assert prune(before=timezone.now() - timedelta(days=6 * 366)) == 0

    assert AuditEntry.objects.filter(pk__in=old).count() == 0
    assert (Pruning.objects.get().entries, verify().problem) == (3, "")


def test_young_entries_cannot_be_pruned():
    sealed()

    with pytest.raises(DatabaseError, match="six years"):
        prune(before=timezone.now())


def test_the_database_refuses_even_the_owner():
    sealed(1)

    for statement in ("UPDATE {} SET verb = 'y'", "DELETE FROM {}", "TRUNCATE {}"):
        with pytest.raises(DatabaseError, match="append-only"), as_owner(), connection.cursor() as cursor:
            cursor.execute(statement.format("audit_auditentry"))

    assert AuditEntry.objects.get().verb == "verb 0"


@pytest.fixture
def _two_roles() -> None:
    if not has_owner():
        pytest.skip("this PostgreSQL was given with one role alone")


@pytest.mark.usefixtures("_two_roles")
def test_the_application_role_may_not_rewrite_even_without_triggers():
    sealed(1)
    tables = ["audit_auditentry", "audit_seal", "audit_verification", "audit_pruning"]
    with as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    for statement in ("UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"):
        for table in tables:
            with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
                cursor.execute(statement.format(table))


@pytest.mark.usefixtures("_two_roles")
def test_the_application_role_may_not_take_the_fence_down():
    for statement in (
        "ALTER TABLE audit_auditentry DISABLE TRIGGER USER",
        "DROP TRIGGER audit_is_append_only ON audit_auditentry",
        "DROP TABLE audit_seal",
        "SELECT setval('audit_auditentry_id_seq', 1)",
    ):
        with pytest.raises(DatabaseError, match=r"must be owner|permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.usefixtures("_two_roles")
def test_the_portal_serves_without_those_rights():
    assert may_rewrite() == []
    with as_owner():
        assert may_rewrite() != []


@pytest.mark.usefixtures("_two_roles")
def test_new_tables_are_the_applications_too():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE made_later (id int)")

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO made_later VALUES (1)")
        cursor.execute("SELECT count(*) FROM made_later")
        assert cursor.fetchone() == (1,)
