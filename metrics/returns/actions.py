"""Everything that is entered about costs, outcomes and their worth. Each write leaves a row in the audit trail."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from coe_portal.audit.actions import record
from coe_portal.core.versions import bump
from coe_portal.people.models import User
from metrics.returns.models import (
    Activity,
    Assumption,
    Campaign,
    Goal,
    GoalTarget,
    OutcomeCount,
    OutcomeValue,
    Recorded,
)

VERSION = "metrics.returns"
Row = TypeVar("Row", bound=Recorded)


def add_campaign(*, by: User, campaign: Campaign) -> Campaign:
    return _add(campaign, by, "add campaign")


def change_campaign(*, by: User, campaign: Campaign, changed: Mapping[str, Any]) -> Campaign:
    return _change(campaign, by, "change campaign", changed)


def add_activity(*, by: User, activity: Activity) -> Activity:
    return _add(activity, by, "add activity")


def change_activity(*, by: User, activity: Activity, changed: Mapping[str, Any]) -> Activity:
    return _change(activity, by, "change activity", changed)


def agree_value(*, by: User, value: OutcomeValue) -> OutcomeValue:
    """Earlier agreements stay: what was counted before the new one begins keeps the value it had."""
    return _add(value, by, "agree value")


def decide_assumption(*, by: User, assumption: Assumption) -> Assumption:
    return _add(assumption, by, "decide assumption")


@transaction.atomic
def set_goal(*, by: User, goal: Goal, target: GoalTarget) -> Goal:
    _add(goal, by, "set goal")
    target.goal = goal
    _add(target, by, "set target")
    return goal


def move_target(*, by: User, target: GoalTarget) -> GoalTarget:
    return _add(target, by, "move target")


@transaction.atomic
def close_goal(*, by: User, goal: Goal, on: date) -> None:
    goal.closed_on = on
    goal.save(update_fields=["closed_on"])
    record(by=by, verb="close goal", on=goal)
    bump(VERSION)


@transaction.atomic
def count_outcomes(*, by: User, counts: Sequence[OutcomeCount], at: datetime | None = None) -> int:
    """Each count takes the place of the current one of the same campaign, network, outcome, rule and month.

    A count equal to the current one changes nothing, so that the same file twice is the same file once.
    """
    now = at or timezone.now()
    written = 0
    for count in counts:
        current = _current(count)
        if current and (current.count, current.source_note) == (count.count, count.source_note):
            continue
        if current:
            current.replaced_at = now
            current.save(update_fields=["replaced_at"])
        _add(count, by, "correct outcomes" if current else "count outcomes")
        written += 1
    return written


def _current(count: OutcomeCount) -> OutcomeCount | None:
    found: OutcomeCount | None = (
        OutcomeCount.objects.current()
        .select_for_update()
        .filter(campaign=count.campaign, network=count.network, kind=count.kind, rule=count.rule, month=count.month)
        .first()
    )
    return found


@transaction.atomic
def _add(row: Row, by: User, verb: str) -> Row:
    row.recorded_by = by
    row.save()
    record(by=by, verb=verb, on=row)
    bump(VERSION)
    return row


@transaction.atomic
def _change(row: Row, by: User, verb: str, changed: Mapping[str, Any]) -> Row:
    """`changed` holds the old values, which the audit trail keeps."""
    row.save()
    record(by=by, verb=verb, on=row, details={"before": {name: str(value) for name, value in changed.items()}})
    bump(VERSION)
    return row
