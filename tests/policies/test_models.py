from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, transaction

from coe_portal.people.models import User
from policies.actions.drafting import move
from policies.actions.refusals import Refused
from policies.models import FINAL, NEXT, OPEN, Acknowledgement, Clause, Review, State, Version, Writer
from tests.factories.policies import AT, draft

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 1, tzinfo=UTC)


def test_every_state_is_in_the_table_and_every_step_leads_to_a_state() -> None:
    assert set(NEXT) == set(State)
    assert {target for targets in NEXT.values() for target in targets} <= set(State)
    assert set(OPEN) | set(FINAL) == set(State)


@pytest.mark.parametrize("start", list(State))
@pytest.mark.parametrize("target", list(State))
def test_only_the_steps_of_the_table_can_be_made(start: State, target: State) -> None:
    version = Version(state=start)

    if target in NEXT[start]:
        move(version, target)
        assert version.state == target
    else:
        with pytest.raises(Refused):
            move(version, target)


def refused(write: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


@pytest.mark.parametrize("change", [{"text": "else"}, {"title": "else"}, {"summary": "else"}, {"sha256": "0" * 64}])
def test_the_database_keeps_a_published_version_as_it_is(version: Version, change: dict[str, str]) -> None:
    refused(lambda: Version.objects.filter(pk=version.pk).update(**change))


@pytest.mark.parametrize("change", [{"text": "else"}, {"html": "<p>else</p>"}, {"anchor": "else"}, {"number": 9}])
def test_the_database_keeps_the_clauses_of_a_published_version(version: Version, change: dict[str, Any]) -> None:
    clause = version.clauses.get(number=1)

    refused(lambda: Clause.objects.filter(pk=clause.pk).update(**change))


def test_the_database_keeps_a_published_version() -> None:
    assert issubclass(IntegrityError, DatabaseError)
    assert issubclass(InternalError, DatabaseError)


def test_a_published_version_cannot_be_deleted(version: Version) -> None:
    refused(lambda: Clause.objects.filter(version=version).delete())
    refused(lambda: Version.objects.filter(pk=version.pk)._raw_delete("default"))


def test_one_published_version_a_policy(version: Version) -> None:
    refused(
        lambda: Version.objects.create(
            policy=version.policy, major=9, minor=0, state=State.PUBLISHED, title="x", sha256="0" * 64,
            published_at=AT, created_at=AT, changed_at=AT,
        )
    )  # fmt: skip


def test_one_open_version_a_policy(secret: Version) -> None:
    refused(
        lambda: Version.objects.create(policy=secret.policy, major=9, minor=0, title="x", created_at=AT, changed_at=AT)
    )


def test_nothing_is_published_without_a_date_and_a_hash(secret: Version) -> None:
    refused(
        lambda: Version.objects.create(
            policy=secret.policy, major=9, minor=0, state=State.PUBLISHED, title="x", created_at=AT, changed_at=AT
        )
    )


@pytest.mark.parametrize("state", [State.APPROVED, State.PUBLISHED])
def test_the_database_counts_the_approvals(secret: Version, state: State) -> None:
    refused(lambda: Version.objects.filter(pk=secret.pk).update(state=state, published_at=AT, sha256="0" * 64))


def test_the_database_refuses_a_writers_decision(secret: Version, strategist: User) -> None:
    refused(
        lambda: Review.objects.create(
            version=secret, edition=secret.edition, reviewer=strategist, decision="approve", change="material", at=AT
        )
    )


def test_a_decision_of_somebody_who_wrote_later_no_longer_counts(strategist: User, approver: User) -> None:
    version = draft(writer=strategist)
    Review.objects.create(
        version=version, edition=version.edition, reviewer=approver, decision="approve", change="material", at=AT
    )
    Writer.objects.create(version=version, person=approver)

    assert Review.objects.approvals(version).count() == 0


@pytest.mark.parametrize("fields", [{"decision": "send_back", "comment": ""}, {"decision": "approve", "change": ""}])
def test_a_rejection_explains_and_an_approval_confirms(secret: Version, approver: User, fields: dict[str, str]) -> None:
    refused(lambda: Review.objects.create(version=secret, edition=secret.edition, reviewer=approver, at=AT, **fields))


def test_evidence_cannot_be_changed_nor_removed(version: Version, employee: User) -> None:
    row = Acknowledgement.objects.create(
        person=employee, version=version, at=AT, consent="x", sha256="a" * 64, reference="R"
    )

    refused(lambda: Acknowledgement.objects.filter(pk=row.pk).update(at=LATER))
    refused(lambda: Acknowledgement.objects.filter(pk=row.pk)._raw_delete("default"))


def test_one_acknowledgement_a_person_and_version(version: Version, employee: User) -> None:
    Acknowledgement.objects.create(person=employee, version=version, at=AT, consent="x", sha256="a" * 64, reference="R")

    refused(
        lambda: Acknowledgement.objects.create(
            person=employee, version=version, at=AT, consent="x", sha256="a" * 64, reference="S"
        )
    )
