from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from coe_portal.people.access import Reach, today
from coe_portal.people.models import Department, EarlierParent, Membership


def parents_on(day: date | None) -> dict[int, int | None]:
    """Per department the one above it, at the end of that day; None is now. For today it costs no second query."""
    parents = dict(Department.objects.values_list("pk", "parent_id"))
    if day is None or day >= today():
        return parents
    midnight = datetime.combine(day + timedelta(days=1), time.min, timezone.get_default_timezone())
    moved = EarlierParent.objects.filter(until__gte=midnight).order_by("department_id", "until", "pk")
    return parents | dict(moved.distinct("department_id").values_list("department_id", "parent_id"))


def branch_ids(roots: Iterable[int], on: date | None = None) -> frozenset[int]:
    """The departments of these branches that day, roots included. A cycle cannot make it run for ever."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for department_id, parent_id in parents_on(on).items():
        children[parent_id].append(department_id)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        department_id = waiting.pop()
        if department_id not in found:
            found.add(department_id)
            waiting.extend(children[department_id])
    return frozenset(found)


def upwards(department_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """A department and those above it, up to the root. A cycle cannot make it run for ever."""
    found: list[int] = []
    while department_id is not None and department_id not in found:
        found.append(department_id)
        department_id = parents.get(department_id)
    return found


def branch_names(reach: Reach) -> list[str]:
    """Of the highest departments of what is reached; none for the whole organisation."""
    if reach is None:
        return []
    found = Department.objects.filter(pk__in=reach).exclude(parent__in=reach)
    return list(found.order_by("name").values_list("name", flat=True))


def department_names(person_ids: Collection[int], on: date) -> dict[int, str]:
    """Per person, the name of one department they belong to that day."""
    rows = Membership.objects.on(on).filter(person_id__in=person_ids).order_by("-starts")
    return dict(rows.values_list("person_id", "department__name"))
