"""What an identity provider does to people and departments: each in one transaction, each in the audit trail."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from coe_portal.audit.actions import record
from coe_portal.directory.models import ProvidedPerson
from coe_portal.people.access import Role
from coe_portal.people.actions import add_person, deactivate, reactivate_many, reconsider_people
from coe_portal.people.facts import tell, tell_many
from coe_portal.people.models import Department, Membership, User


class LastAdministrator(Exception):
    """Nobody could let anybody in again."""


@transaction.atomic
def provide_person(*, by: User, columns: Mapping[str, Any], on: date) -> User:
    """Somebody new."""
    person = add_person(by=by, email=columns["email"], name=columns["name"], on=on)
    person.hired_on = None
    person.save(update_fields=["hired_on"])
    return person


@transaction.atomic
def change_person(
    *, by: User, person: User, columns: Mapping[str, Any], manager_id: int | None, home: Department | None, on: date
) -> None:
    """`home` None leaves the departments as they are."""
    wanted = {**columns, "manager_id": manager_id}
    changed = [name for name, value in wanted.items() if getattr(person, name) != value]
    if "email" in changed:
        _change_address(person, columns["email"])
    for name in changed:
        setattr(person, name, wanted[name])
    if changed:
        person.save(update_fields=[name.removesuffix("_id") if name == "manager_id" else name for name in changed])
        tell(by=by, verb="person.changed", on=person, details={"fields": sorted(changed), "by": "scim"})
    if home:
        move_person(by=by, person=person, home=home, on=on)
    reconsider_people([person.pk])


def _change_address(person: User, email: str) -> None:
    EmailAddress.objects.filter(user=person, email__iexact=email, primary=False).delete()
    if not EmailAddress.objects.filter(user=person, primary=True).update(email=email, verified=True):
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)


@transaction.atomic
def move_person(*, by: User, person: User, home: Department, on: date) -> None:
    """To the one department the directory says; those given by hand stay."""
    theirs = Membership.objects.on(on).filter(person=person)
    others = theirs.filter(from_directory=True).exclude(department=home)
    if theirs.filter(department=home).exists() and not others.exists():
        return
    _end_memberships(list(others), on)
    if not theirs.filter(department=home).exists():
        Membership.objects.create(person=person, department=home, starts=on, from_directory=True)
    tell(by=by, verb="person.moved", on=person, details={"department": home.pk, "by": "scim"})


def _end_memberships(rows: Collection[Membership], on: date) -> None:
    """What began today never counted."""
    ids = [row.pk for row in rows]
    Membership.objects.filter(pk__in=ids, starts__gte=on).delete()
    Membership.objects.filter(pk__in=ids).update(ends=on)


def set_active(*, by: User, person: User, is_active: bool, on: date) -> None:
    """Raises LastAdministrator."""
    if is_active == person.is_active:
        return
    if is_active:
        with transaction.atomic():
            reactivate_many(by=by, people=[person])
            reconsider_people([person.pk])
        return
    administrators = User.objects.active().with_role(Role.ADMINISTRATOR, on=on)
    if not administrators.exclude(pk=person.pk).exists() and administrators.filter(pk=person.pk).exists():
        raise LastAdministrator
    deactivate(by=by, person=person)


@transaction.atomic
def keep_provided(
    *, person: User, user_name: str, attributes: Mapping[str, Any], known: Mapping[str, Any]
) -> ProvidedPerson:
    kept, _created = ProvidedPerson.objects.update_or_create(
        person=person,
        defaults={"user_name": user_name, "attributes": attributes, "known": known, "deleted_at": None},
    )
    return kept


@transaction.atomic
def withdraw_person(*, by: User, person: User, user_name: str, at: datetime, on: date) -> None:
    """Deleted over there: here the account is closed, and the records stay."""
    set_active(by=by, person=person, is_active=False, on=on)
    ProvidedPerson.objects.update_or_create(
        person=person, defaults={"deleted_at": at}, create_defaults={"deleted_at": at, "user_name": user_name}
    )
    record(by=by, verb="person.withdrawn", on=person, details={"by": "scim"})


@transaction.atomic
def provide_department(*, by: User, name: str, external_id: str) -> Department:
    """Its code is its name, made unique."""
    code, number = name[:45] or "department", 1
    while Department.objects.filter(code=code).exists():
        number += 1
        code = f"{name[:45]}-{number}"
    department: Department = Department.objects.create(name=name, code=code, external_id=external_id)
    tell(by=by, verb="department.added", on=department, details={"by": "scim"})
    return department


@transaction.atomic
def change_department(*, by: User, department: Department, name: str, external_id: str) -> None:
    if (department.name, department.external_id) != (name, external_id):
        department.name, department.external_id = name, external_id
        department.save(update_fields=["name", "external_id", "changed_at"])
        tell(by=by, verb="department.changed", on=department, details={"by": "scim"})


@transaction.atomic
def set_members(*, by: User, department: Department, person_ids: Collection[int], on: date) -> None:
    """Who is in the department from today: the others' memberships end, also those given by hand."""
    current = {row.person_id: row for row in Membership.objects.on(on).filter(department=department)}
    known = set(User.objects.filter(pk__in=person_ids, merged_into=None).values_list("pk", flat=True))
    gone = [row for person_id, row in current.items() if person_id not in known]
    new = sorted(known - set(current))
    _end_memberships(gone, on)
    Membership.objects.filter(department=department, person_id__in=new, starts__gt=on).delete()
    Membership.objects.bulk_create(
        [Membership(department=department, person_id=person_id, starts=on, from_directory=True) for person_id in new],
        batch_size=2_000,
    )
    moved = list(User.objects.filter(pk__in=[*new, *(row.person_id for row in gone)]).order_by("pk"))
    details = [{"department": department.pk, "joined": person.pk in known, "by": "scim"} for person in moved]
    tell_many(by=by, verb="person.moved", on=moved, details=details)
    if moved:
        department.save(update_fields=["changed_at"])
        reconsider_people([person.pk for person in moved])


@transaction.atomic
def close_department(*, by: User, department: Department, on: date) -> None:
    """Nobody is in it any more; who was when stays."""
    set_members(by=by, department=department, person_ids=[], on=on)
    department.closed_on, department.external_id = on, ""
    department.save(update_fields=["closed_on", "external_id", "changed_at"])
    tell(by=by, verb="department.closed", on=department, details={"by": "scim"})
