"""A crowd of the size of the whole organisation, and rules of every kind over it."""

import random
import time
from datetime import date, timedelta
from typing import Any

from django.db import connection

from coe_portal.people.access import today
from coe_portal.people.actions import refresh_audiences
from coe_portal.people.models import Audience, AudienceMember, Department, Membership, User
from coe_portal.people.rules import ALL, ANY, NONE, Condition, Group, Rule

PEOPLE, DEPARTMENTS, RULES, MOVED = 56_000, 400, 50, 560
SEED = 2026
KINDS = ["nurse", "physician", "allied", "office", "volunteer", "contractor"]
KIND_WEIGHTS = [42, 9, 20, 21, 5, 3]
TITLES = ["Registered nurse", "Charge nurse", "Resident physician", "Analyst", "Program manager", "Volunteer"]


def run_all() -> dict[str, Any]:
    chance, on = random.Random(SEED), today()
    departments = _departments(chance)
    _people(chance, departments, on)
    Audience.objects.filter(is_everyone=False).update(rule=Rule().as_data())
    audiences = _audiences(chance, departments, on)
    _check_what_was_made()
    _analyse()
    first = _seconds(audiences, on)
    _analyse()
    nobody = _seconds(audiences, on)
    ids = list(User.objects.order_by("-pk").values_list("pk", flat=True)[:MOVED])
    User.objects.filter(pk__in=ids).update(kind="office", location="Elsewhere")
    Membership.objects.filter(person__in=ids).update(department=departments[0])
    moved = _seconds(audiences, on + timedelta(days=1))
    members = AudienceMember.objects.filter(audience__in=audiences).count()
    return {
        "people": User.objects.active().count(), "rules": len(audiences), "members": members, "first": first,
        "nobody_moved": nobody, "moved": MOVED, "some_moved": moved,
    }  # fmt: skip


def _seconds(audiences: list[Audience], on: date) -> float:
    """With the foreign keys that PostgreSQL checks at the commit."""
    began = time.perf_counter()
    refresh_audiences(on=on, audiences=audiences)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        seconds = time.perf_counter() - began
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return seconds


def _check_what_was_made() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _departments(chance: random.Random) -> list[Department]:
    found = list(Department.objects.order_by("pk"))
    for n in range(DEPARTMENTS - len(found)):
        parent = chance.choice(found[: 60 + n // 4])
        found.append(Department.objects.create(name=f"Unit {n}", code=f"UNIT-{n}", parent=parent))
    return found


def _people(chance: random.Random, departments: list[Department], on: date) -> None:
    missing = PEOPLE - User.objects.active().count()
    people = User.objects.bulk_create(
        (
            User(
                email=f"crowd{n}@riverbend.example", name=f"Crowd {n}", kind=chance.choices(KINDS, KIND_WEIGHTS)[0],
                job_title=chance.choice(TITLES), location=chance.choice(["Riverbend", "Lakeside", "Northfield"]),
                hired_on=on - timedelta(days=int(chance.expovariate(1 / 1_400))),
            )
            for n in range(missing)
        ),
        batch_size=5_000,
    )  # fmt: skip
    rows = (Membership(person=each, department=chance.choice(departments), starts=each.hired_on) for each in people)
    Membership.objects.bulk_create(rows, batch_size=5_000)


def _audiences(chance: random.Random, departments: list[Department], on: date) -> list[Audience]:
    """Two to six conditions each, a third of them with a group within, every tenth with other audiences."""
    made: list[Audience] = [Audience.objects.everyone()]
    for n in range(RULES - 1):
        parts: list[Condition | Group] = [_condition(chance, departments, on) for _ in range(chance.randint(2, 4))]
        if n % 3 == 0:
            inner = tuple(_condition(chance, departments, on) for _ in range(2))
            parts.append(Group(chance.choice([ANY, NONE]), inner))
        if n % 10 == 9:
            parts.append(Condition("audience", tuple(each.pk for each in made[-3:])))
        rule = Rule(Group(chance.choice([ALL, ANY]), tuple(parts)))
        made.append(Audience.objects.create(name=f"Rule {n}", rule=rule.as_data()))
    return made


def _condition(chance: random.Random, departments: list[Department], on: date) -> Condition:
    return chance.choice(
        [
            Condition("kind", tuple(chance.sample(KINDS, 2))),
            Condition("department", tuple(each.pk for each in chance.sample(departments[:60], 2))),
            Condition("role", ("coordinator", "strategist")),
            Condition("hired", ((on - timedelta(days=700)).isoformat(),), how="before"),
            Condition("hired", (365,), how="within"),
            Condition("location", ("Riverbend",)),
            Condition("title", ("nurse", "manager")),
            Condition("manager", how="no"),
        ]
    )


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_user, people_membership, people_audiencemember, people_department")
