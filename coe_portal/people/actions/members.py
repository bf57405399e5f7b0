"""People come and change their settings."""

from datetime import date

from allauth.account.models import EmailAddress
from django.db import transaction

from coe_portal.people.actions.audiences import reconsider
from coe_portal.people.actions.departments import join_department
from coe_portal.people.facts import tell
from coe_portal.people.models import Department, User


@transaction.atomic
def add_person(
    *,
    by: User | None,
    email: str,
    name: str,
    on: date,
    job_title: str = "",
    kind: str = User.Kind.OFFICE,
    department: Department | None = None,
    employee_number: str = "",
) -> User:
    """Somebody who sets a password through the link that is sent or printed for them."""
    person: User = User.objects.create_user(
        email=email, name=name, job_title=job_title, kind=kind, hired_on=on, employee_number=employee_number
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    tell(by=by, verb="person.added", on=person)
    if department:
        join_department(by=by, person=person, department=department, starts=on)
    reconsider(person)
    return person


@transaction.atomic
def update_settings(*, by: User, language: str, time_zone: str) -> None:
    """A person's own choice of language and time zone."""
    by.language, by.time_zone = language, time_zone
    by.save(update_fields=["language", "time_zone"])
