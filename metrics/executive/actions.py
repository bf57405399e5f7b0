"""Asks, decisions and sealed months."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from coe_portal.audit.actions import record
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.people.access import Role
from coe_portal.people.models import User
from coe_portal.people.queries import access_of
from metrics.executive.models import Ask, Snapshot
from metrics.executive.permissions import can_decide

VERSION = "metrics.executive"


@transaction.atomic
def ask(*, by: User, ask: Ask, on: date) -> Ask:
    ask.asked_by, ask.asked_on = by, on
    ask.save()
    record(by=by, verb="ask executives", on=ask)
    notify(
        person_ids=[each.pk for each in deciding(ask, on)],
        kind="metrics.ask",
        subject=ask.title,
        url=reverse("metrics:executive") + "#asks",
        key=f"metrics.ask:{ask.pk}",
    )
    bump(VERSION)
    return ask


def deciding(ask: Ask, on: date) -> list[User]:
    """The executives whose role reaches what is asked for."""
    executives = User.objects.active().with_role(Role.EXECUTIVE, on=on)
    return [each for each in executives if access_of(each, on).reaches(Role.EXECUTIVE, ask.department_id)]


@transaction.atomic
def decide(*, by: User, ask_id: int, decision: Ask.Decision, reason: str, at: datetime) -> Ask:
    """Raises PermissionError when the ask is decided already or is not this person's to decide."""
    found: Ask = Ask.objects.select_for_update().get(pk=ask_id)
    if not can_decide(by, found):
        raise PermissionError("This ask is not open to this person.")
    found.decision, found.decision_reason = decision, reason
    found.decided_by, found.decided_at = by, at
    found.save()
    record(by=by, verb=f"{decision} ask", on=found)
    if found.asked_by_id:
        notify(
            person_ids=[found.asked_by_id],
            kind="metrics.ask_decided",
            subject=found.title,
            url=reverse("metrics:executive") + "#asks",
            key=f"metrics.ask_decided:{found.pk}",
        )
    bump(VERSION)
    return found


@transaction.atomic
def seal(*, by: User | None, month: date, figures: Mapping[str, str | None], at: datetime) -> Snapshot:
    """Keeps the figures of a month as they are now. A month is sealed once; the database refuses to change it."""
    snapshot = Snapshot.objects.create(
        month=month, figures=dict(figures), sha256=fingerprint(month, figures), sealed_by=by, sealed_at=at
    )
    record(by=by, verb="seal month", on=snapshot, details={"sha256": snapshot.sha256})
    bump(VERSION)
    return snapshot


def fingerprint(month: date, figures: Mapping[str, str | None]) -> str:
    """SHA-256 of the month and its figures in one agreed spelling, so that anybody can work it out again."""
    spelled = json.dumps({"month": month.isoformat(), "figures": dict(figures)}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()
