"""Every line of the table keeps its word: a day past its limit nothing is left, also when run twice; held it stays."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from coe_portal.announcements.models import KeptText
from coe_portal.audit.models import Access
from coe_portal.directory.models import DirectoryImport, ImportProblem, ImportRow
from coe_portal.identity.models import IdentityProvider, Invitation, ProviderTest, SeenAssertion
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from coe_portal.personal import Retention, field_of, rows_of
from coe_portal.privacy.actions.holding import place
from coe_portal.privacy.actions.retaining import change_period, remove_old
from coe_portal.privacy.models import DataExport, Erasure, RetentionPeriod, RetentionRun, SealedName
from coe_portal.privacy.queries.catalogue import retentions
from coe_portal.privacy.queries.retaining import periods
from coe_portal.reminders.models import Reminder
from coe_portal.search.models import MissedTerm
from feedback.models import Draft
from metrics.imports.models import Upload
from policies.models import KeptText as KeptPolicy
from tests.factories.notifications import NotificationFactory, OutgoingMailFactory
from tests.factories.people import DepartmentFactory, PersonFactory
from tests.factories.policies import draft

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def job(**fields: Any) -> QueuedJob:
    return QueuedJob.objects.create(name="x", state="done", due_at=NOW, **fields)


def provider() -> IdentityProvider:
    return IdentityProvider.objects.create(kind=IdentityProvider.Kind.OIDC, name="Hospital", key="hospital")


def directory_file(by: User, *, content: bytes = b"a,b", state: str = "done") -> DirectoryImport:
    return DirectoryImport.objects.create(state=state, name="people.csv", content=content, size=3, by=by)


def upload(by: User) -> Upload:
    return Upload.objects.create(
        name="x.csv", content=b"a,b", size=3, sha256="0" * 64, exported_on=NOW.date(), state="checked", by=by
    )


def leaver() -> User:
    return PersonFactory(is_active=False, left_at=NOW)


def sealed_name(person: User) -> SealedName:
    done = Erasure.objects.create(person=person, state="done", proposed_at=NOW, decided_at=NOW, done_at=NOW)
    return SealedName.objects.create(erasure=done, sealed="x", counts_from=timezone.localdate(NOW))


MAKE: Mapping[str, Callable[[User], Any]] = {
    "announcements.kept_texts": lambda by: KeptText.objects.create(person=by, at=NOW),
    "audit.access": lambda by: Access.objects.create(event="failed", person=by, is_shortened=True, at=NOW),
    "audit.addresses": lambda by: Access.objects.create(event="failed", person=by, address="10.1.2.3", at=NOW),
    "directory.files": directory_file,
    "directory.lines": lambda by: ImportRow.objects.create(source=directory_file(by, content=b""), person=by),
    "directory.problems": lambda by: ImportProblem.objects.create(source=directory_file(by, content=b""), line=1),
    "feedback.drafts": lambda by: Draft.objects.create(person=by, place="ask", fields={"a": "b"}, updated_at=NOW),
    "identity.assertions": lambda by: SeenAssertion.objects.create(provider=provider(), digest="x", expires_at=NOW),
    "identity.invitations": lambda by: Invitation.objects.create(
        email="new@x.example", name="New", department=DepartmentFactory(), invited_by=by, expires_at=NOW
    ),
    "identity.tests": lambda by: ProviderTest.objects.create(provider=provider(), by=by),
    "metrics.uploads": upload,
    "notifications.mails": lambda by: OutgoingMailFactory(person=by, state="accepted", accepted_at=NOW),
    "notifications.notifications": lambda by: NotificationFactory(person=by),
    "notifications.refused_mails": lambda by: OutgoingMailFactory(person=by, state="parked"),
    "outbox.jobs": lambda by: job(key="search.rebuild_words@20513", finished_at=NOW),
    "outbox.keys": lambda by: job(key="announcements.tell_audience:7", finished_at=NOW),
    "people.ended_sessions": lambda by: Session.objects.create(session_key="k", session_data="", expire_date=NOW),
    "people.sessions": lambda by: UserSession.objects.create(user=by, ip="10.1.2.3", session_key="k", user_agent="x"),
    "people.leavers": lambda by: leaver(),
    "policies.kept_texts": lambda by: KeptPolicy.objects.create(person=by, version=draft(writer=by), edition=1, at=NOW),
    "privacy.exports": lambda by: DataExport.objects.create(person=by, asked_at=NOW, state="ready", file="x"),
    "privacy.runs": lambda by: RetentionRun.objects.create(key="x", at=NOW, removed=0),
    "privacy.sealed_names": sealed_name,
    "reminders.reminders": lambda by: Reminder.objects.create(person=by, key="a", stage="7", sent_at=NOW),
    "search.misses": lambda by: MissedTerm.objects.create(
        term="parking", week=timezone.localdate(NOW), times=3, people=3
    ),
}
# What the database lets nobody do by another clock is tested with its own rules: the trail, acknowledgements.
BY_THE_DATABASE = {"audit.trail", "policies.addresses"}
ROWWISE = sorted(set(retentions()) - BY_THE_DATABASE)


def due(key: str) -> int:
    """The rows that this line of the table is about."""
    rule = retentions()[key]
    return rows_of(rule.model).filter(rule.only).count()


def night(rule: Retention, days: int) -> datetime:
    """The night on which what was made at NOW is so many days older than the limit."""
    return NOW + timedelta(days=rule.days + days)


def run(at: datetime, key: str) -> int:
    return remove_old(at=at)[key]


def made(key: str, by: User) -> Retention:
    rule = retentions()[key]
    row = MAKE[key](by)
    if "__" not in rule.moment:
        moment = (
            NOW if field_of(rule.model, rule.moment).get_internal_type() == "DateTimeField" else timezone.localdate(NOW)
        )
        if getattr(field_of(rule.model, rule.moment), "auto_now_add", False) or key == "people.sessions":
            type(row)._base_manager.filter(pk=row.pk).update(**{rule.moment: moment})
    else:
        DirectoryImport.objects.update(uploaded_at=NOW)
    return rule


@pytest.mark.parametrize("key", ROWWISE)
def test_a_day_past_its_limit_nothing_is_left_and_a_second_run_finds_nothing(key: str, employee: User):
    rule = made(key, employee)
    before = due(key)

    assert (run(night(rule, -1), key), due(key) >= before) == (0, True)
    assert run(night(rule, 1), key) == before == 1
    assert run(night(rule, 1), key) == 0
    assert due(key) == 0 or key == "privacy.runs"


@pytest.mark.parametrize("key", ROWWISE)
def test_what_is_held_stays(key: str, employee: User, privacy_officer: User):
    rule = made(key, employee)
    place(by=privacy_officer, reason="Matter", at=NOW, kind=key)

    assert run(night(rule, 1), key) == 0
    assert due(key) >= 1


@pytest.mark.parametrize("key", [key for key in ROWWISE if retentions()[key].person not in {"", "pk"}])
def test_what_is_of_somebody_under_a_hold_stays(key: str, employee: User, privacy_officer: User):
    rule = made(key, employee)
    place(by=privacy_officer, reason="Matter", at=NOW, person=employee)

    assert run(night(rule, 1), key) == 0
    assert [each.held for each in periods(night(rule, 1), night(rule, 1).date()) if each.rule.key == key] == [1]


@pytest.mark.parametrize("key", ROWWISE)
def test_another_period_counts(key: str, employee: User, privacy_officer: User):
    rule = made(key, employee)
    change_period(by=privacy_officer, rule=rule, days=rule.days + 30, at=NOW)

    assert run(night(rule, 29), key) == 0
    assert run(night(rule, 31), key) >= 1
    assert RetentionPeriod.objects.get().key == key


def test_what_waits_or_is_used_stays(employee: User):
    """Old, but not over: it is for somebody to decide, or for a job to do."""
    old = NOW - timedelta(days=2_000)
    parked = QueuedJob.objects.create(name="x", state="parked", due_at=old, finished_at=old)
    mail = OutgoingMailFactory(person=employee, state="waiting")
    applying = directory_file(employee, state="applying")
    ImportRow.objects.create(source=applying)
    DirectoryImport.objects.update(uploaded_at=old)
    accepted = Invitation.objects.create(
        email=employee.email, name="E", department=DepartmentFactory(), invited_by=employee, expires_at=old,
        accepted_at=old, accepted_by=employee,
    )  # fmt: skip

    remove_old(at=NOW)

    for each in (parked, mail, applying, accepted):
        each.refresh_from_db()
    assert bytes(applying.content) == b"a,b"
    assert ImportRow.objects.count() == 1


def test_a_file_that_was_never_brought_in_is_discarded_with_its_content(employee: User):
    source, figures = directory_file(employee, state="checked"), upload(employee)

    remove_old(at=NOW + timedelta(days=396))

    source.refresh_from_db()
    figures.refresh_from_db()
    assert (source.state, figures.state) == ("discarded", "discarded")
    assert bytes(source.content) == bytes(figures.content) == b""
    assert len(figures.sha256) == 64


def test_a_device_that_is_forgotten_is_signed_out(employee: User):
    """Whoever lets sessions last for a month must not have any that nobody can end."""
    Session.objects.create(session_key="k", session_data="", expire_date=NOW + timedelta(days=30))
    made("people.sessions", employee)

    remove_old(at=NOW + timedelta(days=15))

    assert Session.objects.count() == 0
