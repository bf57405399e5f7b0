"""Who is late, for whom to know; each takes many and makes a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from coe_portal.contributions import Obligation, open_obligations
from coe_portal.people.access import Role
from coe_portal.people.models import Department, Membership, RoleGrant, User
from coe_portal.people.queries import upwards
from coe_portal.reminders.models import Reminder, Thresholds
from coe_portal.reminders.stages import asked_stage, days_late

PEOPLE_AT_ONCE = 2_000


@dataclass(frozen=True)
class Late:
    """A person has something mandatory that is past due; `days` counts those of the oldest."""

    person_id: int
    days: int
    obligations: int


@dataclass(frozen=True)
class Branch:
    """A coordinator and how many people of their branch are late."""

    coordinator_id: int
    department: Department
    people: int


@dataclass(frozen=True)
class Team:
    """A manager and those who report to them and are late, by name."""

    manager_id: int
    names: list[str]


def thresholds() -> Thresholds:
    return Thresholds.objects.first() or Thresholds(pk=1)


def everybody_in_parts() -> Iterator[dict[int, str]]:
    """All active people, some at a time, each with their language: the obligations of all would fill the memory."""
    last = 0
    while True:
        rows = User.objects.active().filter(pk__gt=last).order_by("pk").values_list("pk", "language")
        part = dict(rows[:PEOPLE_AT_ONCE])
        if not part:
            return
        yield part
        last = max(part)


def late_among(obligations: Iterable[Obligation], on: date) -> list[Late]:
    """Per person; only what is mandatory is told to others."""
    days: dict[int, list[int]] = defaultdict(list)
    for each in obligations:
        late = days_late(each.due, on) if each.mandatory else 0
        if late:
            days[each.person_id].append(late)
    return [Late(person_id, max(found), len(found)) for person_id, found in days.items()]


def branches_with_late_people(late: Collection[int], on: date) -> list[Branch]:
    """Per coordinator and branch, how many of these people belong to it; four queries."""
    grants = list(RoleGrant.objects.on(on).filter(role=Role.COORDINATOR, person__is_active=True))
    departments = {each.pk: each for each in Department.objects.all()}
    parents = {each.pk: each.parent_id for each in departments.values()}
    above = {each: upwards(each, parents) for each in departments}
    people: dict[int, set[int]] = defaultdict(set)
    for person_id, department_id in (
        Membership.objects.on(on).filter(person_id__in=late).values_list("person_id", "department_id")
    ):
        for each in above[department_id]:
            people[each].add(person_id)
    roots = [each.pk for each in departments.values() if each.parent_id is None]
    return [
        Branch(grant.person_id, departments[branch], len(people[branch]))
        for grant in grants
        for branch in ([grant.branch_id] if grant.branch_id else roots)
        if people[branch]
    ]


def teams_with_late_people(late: Collection[int]) -> list[Team]:
    rows = User.objects.active().filter(pk__in=late, manager__is_active=True).order_by("name")
    names: dict[int, list[str]] = defaultdict(list)
    for manager_id, name in rows.values_list("manager_id", "name"):
        names[manager_id].append(name)
    return [Team(manager_id, found) for manager_id, found in names.items()]


def last_reminded(person_ids: Collection[int]) -> dict[int, datetime]:
    rows = Reminder.objects.filter(person__in=person_ids).values("person_id").annotate(last=Max("sent_at"))
    return dict(rows.values_list("person_id", "last"))


def reminded_on(day: date) -> set[int]:
    """Whom coordinators have reminded that day."""
    return set(Reminder.objects.filter(key="", stage=asked_stage(day)).values_list("person_id", flat=True))


def overdue_of_reports(manager: User, on: date) -> Mapping[User, list[Obligation]]:
    """Who reports to the manager and what mandatory of theirs is past due; nothing else of them is shown."""
    people = {each.pk: each for each in User.objects.active().filter(manager=manager).order_by("name")}
    found: dict[int, list[Obligation]] = {person_id: [] for person_id in people}
    for each in open_obligations(list(people), on):
        if each.mandatory and days_late(each.due, on):
            found[each.person_id].append(each)
    return {people[person_id]: owed for person_id, owed in found.items()}
