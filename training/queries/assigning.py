"""Whom an assignment would hit, before it is ordered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from coe_portal.people.models import Audience, AudienceMember, Membership, User
from training.models import Completion, Course, Enrolment


@dataclass(frozen=True)
class Reach:
    """Of the members of an audience: who will be enrolled, and why the others will not."""

    members: int
    outside: int
    enrolled: int
    proven: int
    hit: int
    departments: tuple[tuple[str, int], ...]


def reach_of(course: Course, audience: Audience, due_on: date | None, on: date) -> Reach:
    """The same rule as the statement that enrols (see actions.enrol)."""
    members = User.objects.active().filter(pk__in=_people(audience))
    readers = members.filter(pk__in=_people(course.audience))
    enrolled = Enrolment.objects.open().filter(course=course).values("person_id")
    proven = Completion.objects.filter(course=course).valid_on(due_on or on).values("person_id")
    hit = readers.exclude(pk__in=enrolled).exclude(pk__in=proven)
    total, readable = members.count(), readers.count()
    return Reach(
        members=total,
        outside=total - readable,
        enrolled=readers.filter(pk__in=enrolled).count(),
        proven=readers.exclude(pk__in=enrolled).filter(pk__in=proven).count(),
        hit=hit.count(),
        departments=tuple(_by_department(hit, on)),
    )


def _people(audience: Audience) -> "QuerySet[AudienceMember, Any]":
    return AudienceMember.objects.filter(audience=audience).values("person_id")


def _by_department(people: "QuerySet[User]", on: date) -> "list[tuple[str, int]]":
    """The ten departments with most of them."""
    rows = Membership.objects.on(on).filter(person__in=people.values("pk")).values("department__name")
    counted = rows.annotate(people=Count("person", distinct=True)).order_by("-people", "department__name")
    return list(counted.values_list("department__name", "people")[:10])
