"""Departments, and who joins and leaves them."""

from datetime import date

from django.db import transaction

from coe_portal.people.actions.audiences import reconsider
from coe_portal.people.actions.dated import end_dated
from coe_portal.people.facts import tell
from coe_portal.people.models import Department, Membership, User


@transaction.atomic
def add_department(*, by: User, name: str, code: str, parent: Department | None, location: str = "") -> Department:
    department: Department = Department.objects.create(name=name, code=code, parent=parent, location=location)
    tell(by=by, verb="department.added", on=department, details={"parent": parent.pk if parent else None})
    return department


@transaction.atomic
def join_department(*, by: User | None, person: User, department: Department, starts: date) -> Membership:
    membership: Membership = Membership.objects.create(person=person, department=department, starts=starts)
    tell(
        by=by, verb="person.joined_department", on=person,
        details={"department": department.pk, "starts": starts.isoformat()},
    )  # fmt: skip
    reconsider(person)
    return membership


@transaction.atomic
def leave_department(*, by: User | None, membership: Membership, on: date) -> None:
    end_dated(membership, on)
    tell(
        by=by, verb="person.left_department", on=membership.person,
        details={"department": membership.department_id, "on": on.isoformat()},
    )  # fmt: skip
    reconsider(membership.person)
