"""Two rounds of the questionnaire: last year mostly one team, this year a hub with spokes, and not all agree."""

import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from coe_portal.people.access import Role
from coe_portal.people.demo import DemoOrganisation
from coe_portal.people.models import RoleGrant, User
from metrics.standing.models import Comparator, Rating, Round
from metrics.standing.permissions import GROUPS
from metrics.standing.statements import STATEMENTS

# How far each group finds the statements of each model to hold: last year, this year.
FELT = {
    "decentralised": {"executive": (1.0, 0.4), "strategist": (1.6, 0.9), "coordinator": (2.8, 2.0)},
    "centralised": {"executive": (3.4, 1.2), "strategist": (3.0, 1.8), "coordinator": (2.4, 2.0)},
    "hub-and-spoke": {"executive": (1.8, 3.3), "strategist": (1.9, 3.2), "coordinator": (1.2, 2.4)},
    "dandelion": {"executive": (0.9, 2.2), "strategist": (0.7, 1.7), "coordinator": (0.4, 1.0)},
    "honeycomb": {"executive": (0.5, 0.9), "strategist": (0.3, 0.5), "coordinator": (0.3, 0.5)},
}
RATERS = {Role.EXECUTIVE: 1, Role.STRATEGIST: 2, Role.COORDINATOR: 6}
# Whom this year's questionnaire still waits for.
LATE = ("strategist", "coordinator")


def build(organisation: DemoOrganisation) -> None:
    chance = random.Random("standing")  # noqa: S311 - made-up answers
    today = organisation.today
    last_year = Round.objects.create(
        name=f"Autumn {today.year - 1}",
        opens=today - timedelta(days=386),
        closes=today - timedelta(days=350),
        is_demo=True,
    )
    this_year = Round.objects.create(
        name=f"Autumn {today.year}", opens=today - timedelta(days=21), closes=today + timedelta(days=14), is_demo=True
    )
    raters = _raters()
    late = {organisation.sign_ins[name].pk for name in LATE}
    Rating.objects.bulk_create(
        [_rating(chance, last_year, person, role, 0) for role, person in raters]
        + [_rating(chance, this_year, person, role, 1) for role, person in raters if person.pk not in late]
    )
    _others(organisation)


def _raters() -> list[tuple[Role, User]]:
    found: list[tuple[Role, User]] = []
    for role, number in RATERS.items():
        grants = RoleGrant.objects.filter(role=role).select_related("person").order_by("pk")
        found += [(role, grant.person) for grant in grants[:number]]
    return found


def _rating(chance: random.Random, round_: Round, person: User, role: Role, year: int) -> Rating:
    group = GROUPS[role]
    answers = {
        statement.key: min(4, max(0, round(chance.gauss(FELT[statement.model][group][year], 0.7))))
        for statement in STATEMENTS
        if chance.random() > 0.06
    }
    at = datetime.combine(round_.opens + timedelta(days=chance.randint(1, 18)), time(10, 30))
    return Rating(round=round_, person=person, group=group, at=timezone.make_aware(at), answers=answers)


def _others(organisation: DemoOrganisation) -> None:
    Comparator.objects.create(
        name="Lakeland Regional (invented for the demo)",
        employees=9_400,
        team=6,
        model="centralised",
        moving_to="hub-and-spoke",
        note="Licensed its first twelve department publishers this spring.",
        source="Made up for this demo",
        checked_on=organisation.today - timedelta(days=40),
        recorded_by=organisation.sign_ins["strategist"],
    )
