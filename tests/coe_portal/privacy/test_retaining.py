"""One day past its limit a row is gone, a second run finds nothing, and a hold keeps what it covers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.audit.models import Access, AuditEntry
from coe_portal.notifications.actions import notify
from coe_portal.notifications.models import Notification
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from coe_portal.privacy.actions.holding import place, release
from coe_portal.privacy.actions.retaining import remove_old
from coe_portal.privacy.models import LegalHold, RetentionPeriod, RetentionRun
from coe_portal.privacy.queries.catalogue import retentions
from coe_portal.privacy.queries.retaining import periods
from feedback.actions import drafts
from feedback.models import Draft

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
NOW = timezone.now()


def ago(days: int):
    return NOW - timedelta(days=days)


@pytest.fixture
def old(employee: User, strategist: User) -> None:
    """One a day too old, one a day too young, of each."""
    for person, more in ((employee, 1), (strategist, -1)):
        drafts.keep(by=person, place="ask", fields={"title": "x"}, at=ago(180 + more))
        Access.objects.create(event="failed", person=person, address="10.1.2.3", at=ago(90 + more), is_shortened=True)
        Access.objects.create(event="signed_in", person=person, address="10.1.2.3", at=ago(30 + more))
        QueuedJob.objects.create(name="x", state="done", due_at=NOW, finished_at=ago(7 + more))
        notify(person_ids=[person.pk], kind="x", subject="x", url="/", key="k")
        Notification.objects.filter(person=person).update(created_at=ago(395 + more))


def left() -> dict[str, int]:
    return {
        "drafts": Draft.objects.count(),
        "accesses": Access.objects.count(),
        "whole addresses": Access.objects.filter(is_shortened=False).count(),
        "jobs": QueuedJob.objects.filter(name="x").count(),
        "notifications": Notification.objects.count(),
    }


@pytest.mark.usefixtures("old")
def test_a_day_past_its_limit_it_is_gone_and_a_second_run_finds_nothing():
    removed = remove_old(at=NOW)

    assert left() == {"drafts": 1, "accesses": 3, "whole addresses": 1, "jobs": 1, "notifications": 1}
    assert {key: number for key, number in removed.items() if number} == {
        "feedback.drafts": 1, "audit.access": 1, "audit.addresses": 1, "outbox.jobs": 1,
        "notifications.notifications": 1,
    }  # fmt: skip
    assert sorted(Access.objects.filter(event="signed_in").values_list("address", flat=True)) == [
        "10.1.2.0",
        "10.1.2.3",
    ]
    assert set(remove_old(at=NOW).values()) == {0}
    assert RetentionRun.objects.filter(key="feedback.drafts").count() == 2


@pytest.mark.usefixtures("old")
def test_what_the_page_announces_is_what_the_night_removes():
    announced = {each.rule.key: each.due for each in periods(NOW, timezone.localdate(NOW))}

    assert announced == remove_old(at=NOW)


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(
    ("hold", "kept"),
    [
        ({"kind": "feedback.drafts"}, {"drafts"}),
        ({"since": ago(200).date(), "until": ago(170).date()}, {"drafts"}),
        ({"kind": "feedback.drafts", "until": ago(200).date()}, set()),
    ],
    ids=["kind", "period", "kind and another period"],
)
def test_a_hold_keeps_what_it_covers(hold: dict[str, object], kept: set[str], privacy_officer: User):
    place(by=privacy_officer, reason="Matter", at=NOW, **hold)

    remove_old(at=NOW)

    assert (left()["drafts"] == 2) == ("drafts" in kept)
    assert left()["notifications"] == 1


@pytest.mark.usefixtures("old")
def test_a_hold_on_a_person_keeps_everything_of_theirs_until_it_is_released(employee: User, privacy_officer: User):
    hold = place(by=privacy_officer, reason="Matter", person=employee, at=NOW)

    remove_old(at=NOW)
    assert left() == {"drafts": 2, "accesses": 4, "whole addresses": 2, "jobs": 1, "notifications": 2}

    release(by=privacy_officer, hold=hold, at=NOW)
    remove_old(at=NOW)
    assert left()["drafts"] == 1


@pytest.mark.usefixtures("old")
def test_a_hold_that_has_ended_keeps_nothing(employee: User, privacy_officer: User):
    place(by=privacy_officer, reason="Matter", person=employee, at=NOW, ends_on=timezone.localdate(NOW))

    remove_old(at=NOW)

    assert left()["drafts"] == 1


def test_a_period_is_changed_on_the_page_and_the_trail_notes_it(privacy_officer: User, sign_in: SignIn):
    client = sign_in(privacy_officer)

    assert client.post("/privacy/retention/feedback.drafts/", {"days": 30, "seen": "30"}).status_code == 302
    assert client.post("/privacy/retention/audit.trail/", {"days": 30}).status_code == 422

    assert dict(RetentionPeriod.objects.values_list("key", "days")) == {"feedback.drafts": 30}
    assert AuditEntry.objects.get(verb="retention.changed").details == {
        "key": "feedback.drafts", "before": 180, "after": 30,
    }  # fmt: skip
    assert "Changed" in client.get("/privacy/retention/").content.decode()


@pytest.mark.usefixtures("old")
def test_a_shorter_period_is_saved_only_when_it_was_seen_what_it_removes(
    privacy_officer: User, employee: User, sign_in: SignIn
):
    client = sign_in(privacy_officer)
    place(by=privacy_officer, reason="Matter", person=employee, at=timezone.now())
    hold = LegalHold.objects.get()

    shown = client.post("/privacy/retention/feedback.drafts/", {"days": 30})
    assert (shown.status_code, RetentionPeriod.objects.count()) == (200, 0)
    assert shown.context["effect"] == (1, 1)
    assert "A legal hold keeps 1 more" in shown.content.decode()
    release(by=privacy_officer, hold=hold, at=timezone.now())
    assert "would remove 2 lines" in client.post("/privacy/retention/feedback.drafts/", {"days": 30}).content.decode()

    assert client.post("/privacy/retention/feedback.drafts/", {"days": 20, "seen": "30"}).status_code == 200
    assert client.post("/privacy/retention/feedback.drafts/", {"days": 200}).status_code == 302
    assert RetentionPeriod.objects.get().days == 200


def test_the_page_names_every_kind_with_its_basis(privacy_officer: User, sign_in: SignIn):
    page = sign_in(privacy_officer).get("/privacy/retention/").content.decode()

    assert all(str(each.label) in page for each in retentions().values())
    assert "45 CFR 164.316" in page


def test_a_hold_is_placed_and_released_on_the_page(privacy_officer: User, employee: User, sign_in: SignIn):
    client = sign_in(privacy_officer)
    empty = client.post("/privacy/holds/", {"reason": "Because"})
    client.post("/privacy/holds/", {"reason": "Matter 12", "person": employee.email})
    hold = LegalHold.objects.get()
    page = client.get("/privacy/holds/").content.decode()
    client.post(f"/privacy/holds/{hold.pk}/release/")

    assert "Say what is to be kept" in empty.content.decode()
    assert "Because" in empty.content.decode()
    assert employee.name in page
    hold.refresh_from_db()
    assert hold.released_by == privacy_officer
    assert list(AuditEntry.objects.filter(kind="privacy.legalhold").order_by("pk").values_list("verb", flat=True)) == [
        "hold.placed", "hold.released",
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["", "holds/", "retention/", "purges/"])
def test_the_pages_are_the_privacy_officers(path: str, administrator: User, strategist: User, sign_in: SignIn):
    for person in (administrator, strategist):
        assert sign_in(person).get(f"/privacy/{path}").status_code == 403
