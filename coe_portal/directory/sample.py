"""A directory file to try the import with."""

import random
from collections.abc import Iterator, Sequence
from datetime import date

from coe_portal.people.models import Department, Membership, User

HEADER = (
    "Employee number", "E-mail", "Name", "Job title", "Kind of employee", "Location", "Hired on",
    "Department code", "Department name", "Parent department code", "Manager",
)  # fmt: skip
EXAMPLE = (
    ("100417", "ana.ruiz@hospital.example", "Ana Ruiz", "Registered nurse", "Nursing", "Main campus", "2023-05-15",
     "ED", "Emergency Department", "MED", "100201"),
    ("100201", "kofi.mensah@hospital.example", "Kofi Mensah", "Unit manager", "Office", "Main campus", "2018-01-08",
     "ED", "Emergency Department", "MED", "100055"),
    ("100055", "ingrid.holm@hospital.example", "Ingrid Holm", "Chief of medicine", "Physician", "Main campus",
     "2015-09-01", "MED", "Medicine", "", ""),
)  # fmt: skip
LEAVE_EVERY, MOVE_EVERY, CHANGE_EVERY = 61, 97, 83
NEWCOMERS = (
    ("Adriana Solís", "adriana.solis", "Registered nurse", "Nursing"),
    ("Tobias Renner", "tobias.renner", "Hospitalist", "Physician"),
    ("Keiko Tanabe", "keiko.tanabe", "Pharmacist", "Allied health"),
)
Line = Sequence[object]


def of_the_demo(on: date) -> Iterator[Line]:
    """The demo's people as their directory has them next week: some new, some moved, some gone, three mistakes."""
    chance = random.Random(on.toordinal())  # noqa: S311 - made-up people
    memberships = Membership.objects.on(on).filter(from_directory=True).order_by("person_id")
    homes = dict(memberships.values_list("person_id", "department_id"))
    departments = {each.pk: each for each in Department.objects.select_related("parent")}
    leaves = sorted(set(homes.values()))
    people = User.objects.active().exclude(employee_number="").select_related("manager").order_by("employee_number")
    for number, person in enumerate(people, start=1):
        if number % LEAVE_EVERY == 0 and not person.last_login:
            continue
        home = chance.choice(leaves) if number % MOVE_EVERY == 0 else homes.get(person.pk)
        title = f"Senior {person.job_title.lower()}" if number % CHANGE_EVERY == 0 else person.job_title
        yield _line(person, title, departments.get(home or 0))
    if leaves:
        yield from _newcomers(departments[leaves[0]], on)


def _line(person: User, title: str, home: Department | None) -> Line:
    return (
        person.employee_number, person.email, person.name, title, person.get_kind_display(), person.location,
        person.hired_on.isoformat() if person.hired_on else "", *_place(home),
        person.manager.employee_number if person.manager else "",
    )  # fmt: skip


def _place(home: Department | None) -> tuple[str, str, str]:
    return (home.code, home.name, home.parent.code if home.parent else "") if home else ("", "", "")


def _newcomers(home: Department, on: date) -> Iterator[Line]:
    place = _place(home)
    for number, (name, address, title, kind) in enumerate(NEWCOMERS, start=900_001):
        yield number, f"{address}@riverbend.example", name, title, kind, home.location, on.isoformat(), *place, ""
    yield 900_004, "no address", "Wrong Address", "Analyst", "Office", "", "", *place, ""
    yield 900_005, "wrong.day@riverbend.example", "Wrong Day", "Analyst", "Office", "", "2026-02-31", *place, ""
    yield 900_001, "twice@riverbend.example", "The Same Number", "Analyst", "Office", "", "", *place, ""
