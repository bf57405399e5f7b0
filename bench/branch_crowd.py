"""A branch of 54,800 people who owe things, and the pages that show it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.crowd import KIND_WEIGHTS, KINDS, SEED
from coe_portal.announcements.models import Announcement
from coe_portal.contributions import open_obligations
from coe_portal.people.access import Role, today
from coe_portal.people.actions import refresh_audiences
from coe_portal.people.models import Audience, Department, Membership, RoleGrant, User
from training.models import Course, Enrolment

PEOPLE = 54_800


@dataclass(frozen=True)
class Made:
    people: int
    obligations: int
    root: Department
    client: Client


def make() -> Made:
    chance, on = random.Random(SEED), today()
    root = Department.objects.get(parent=None)
    departments = list(Department.objects.all())
    missing = PEOPLE - User.objects.active().count()
    people = User.objects.bulk_create(
        (
            User(
                email=f"crowd{n}@riverbend.example", name=f"{chance.choice('ABCDEFGHJKLMNOPRSTW')}crowd {n}",
                kind=chance.choices(KINDS, KIND_WEIGHTS)[0],
                hired_on=on - timedelta(days=int(chance.expovariate(1 / 1_400))),
            )
            for n in range(missing)
        ),
        batch_size=5_000,
    )  # fmt: skip
    rows = (Membership(person=each, department=chance.choice(departments), starts=each.hired_on) for each in people)
    Membership.objects.bulk_create(rows, batch_size=5_000)
    refresh_audiences(on=on)
    everyone = Audience.objects.everyone()
    Announcement.objects.filter(must_read=True).update(audience=everyone)
    assigned = {"source": "assigned", "reason": "For all", "enrolled_at": timezone.now()}
    courses = list(Course.objects.filter(audience=everyone)[:2])
    Enrolment.objects.bulk_create(
        (
            Enrolment(person=each, course=course, due_on=on + timedelta(days=chance.randint(-60, 60)), **assigned)
            for each in people
            for course in courses
        ),
        batch_size=5_000,
        ignore_conflicts=True,
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ANALYZE")
    coordinator = User.objects.create_user(email="of-all@riverbend.example", name="Of all")
    RoleGrant.objects.create(person=coordinator, role=Role.COORDINATOR, branch=root, starts=on)
    client = Client(SERVER_NAME="localhost")
    client.force_login(coordinator, backend="coe_portal.people.backends.PortalBackend")
    some = [each.pk for each in people[:1_000]]
    owed = len(open_obligations(some, on)) * len(people) // len(some)
    return Made(len(people), owed, root, client)


def addresses(made: Made) -> dict[str, Callable[[], None]]:
    page = f"/departments/{made.root.pk}/"
    return {
        "page as it opens": lambda: _get(made.client, page),
        "page of who is past due": lambda: _get(made.client, f"{page}?show=overdue"),
        "page by date": lambda: _get(made.client, f"{page}?sort=due"),
        "page with most open first": lambda: _get(made.client, f"{page}?sort=most"),
        "page of a kind and a name": lambda: _get(made.client, f"{page}?kind=policy&name=crowd 7"),
        "page far down": lambda: _get(made.client, f"{page}?after={_far(made)}"),
        "remind, asked": lambda: _get(made.client, f"{page}remind/"),
        "export as CSV": lambda: _get(made.client, f"{page}export/?form=csv"),
    }


def _far(made: Made) -> int:
    return int(User.objects.filter(name__startswith="S").values_list("pk", flat=True)[0])


def _get(client: Client, address: str) -> None:
    answer: Any = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    if answer.streaming:
        for _part in answer.streaming_content:
            pass
