"""Whether courses may still be named to those who were told of them. A certificate is its holder's own."""

import re
from collections.abc import Sequence

from coe_portal.contributions import Told
from coe_portal.people.queries import members_among
from training.models import Assignment, Course, Enrolment

KEY = re.compile(r"training\.(?P<kind>[a-z]+):(?P<number>[0-9]+)(?::.*)?")


def still_seen(told: Sequence[Told]) -> list[bool]:
    """Four queries. A course that was taken back, or is for others by now, is not named any more."""
    found = [KEY.fullmatch(each.key) for each in told]
    about = [(match["kind"], int(match["number"])) if match else ("", 0) for match in found]
    courses = {
        kind: dict(rows.filter(pk__in={n for of, n in about if of == kind}).values_list("pk", "course_id"))
        for kind, rows in (("assignment", Assignment.objects.all()), ("extra", Enrolment.objects.all()))
    }
    ids = [courses[kind].get(number, 0) if kind in courses else number for kind, number in about]
    published = dict(Course.objects.published().filter(pk__in=ids).values_list("pk", "audience_id"))
    members = members_among(published.values(), {each.person_id for each in told})
    return [
        not kind or (number in published and (published[number], each.person_id) in members)
        for each, (kind, _number), number in zip(told, about, ids, strict=True)
    ]
