"""Remind a whole branch: too many people for one answer, so a job does it, some at a time."""

from datetime import date, datetime

from django.http import QueryDict

from coe_portal.home.branch import Branch, Filters, ids_to_remind
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import Department, User
from coe_portal.people.permissions import may_coordinate
from coe_portal.reminders.actions import remind_people

AT_ONCE = 1_000


def remind_later(*, by: User, branch: Branch) -> None:
    arguments = {
        "person_id": by.pk,
        "department_id": branch.department.pk,
        "filters": branch.filters.query,
        "on": branch.today.isoformat(),
    }
    enqueue("home.remind_branch", arguments)


def remind_branch(*, by: User, department: Department, filters: str, on: date, at: datetime) -> int:
    """Who owes something now. Each part is a transaction, and nobody is told twice a day: it can run again."""
    if not may_coordinate(by, department.pk):
        return 0
    ids = ids_to_remind(Branch(department, on, Filters.read(QueryDict(filters))))
    parts = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    return sum(remind_people(by=by, department=department, person_ids=part, on=on, at=at) for part in parts)
