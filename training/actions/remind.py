"""Remind people of courses they owe: one note a person, course and day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coe_portal.audit import actions as audit
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import User
from training.models import Course
from training.queries.team import Filters, enrolments_overseen


@transaction.atomic
def remind(*, by: User, filters: Filters, on: date) -> int:
    """Asks for the reminders of everybody that the filters show; returns how many people will get one."""
    enrolments = enrolments_overseen(by, filters, on).owed()
    audit.record(by=by, verb="training.remind", on=by, details={**filters.as_query(), "people": enrolments.count()})
    enqueue("training.send_reminders", {"person_id": by.pk, "filters": filters.as_query(), "on": on.isoformat()})
    return enrolments.values("person_id").distinct().count()


@transaction.atomic
def send_reminders(*, by: User, filters: Filters, on: date) -> int:
    """What the person may oversee is looked up again, as it is when the job runs."""
    people: defaultdict[int, list[int]] = defaultdict(list)
    for person_id, course_id in enrolments_overseen(by, filters, on).owed().values_list("person_id", "course_id"):
        people[course_id].append(person_id)
    for course in Course.objects.published().filter(pk__in=people):
        _tell(course, people[course.pk], on)
    return sum(map(len, people.values()))


def _tell(course: Course, person_ids: Iterable[int], on: date) -> None:
    notify(
        person_ids=list(person_ids),
        kind="training.reminder",
        subject=_("A reminder: please finish %(course)s") % {"course": course.title},
        url=reverse("training:course", args=[course.slug]),
        key=f"training.reminder:{course.pk}:{on.isoformat()}",
    )
