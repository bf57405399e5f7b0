"""People take up courses: by themselves, or because somebody says so."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coe_portal.audit import actions as audit
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import Audience, User
from training.models import Assignment, Course, Enrolment


@transaction.atomic
def enrol_oneself(*, by: User, course: Course, at: datetime) -> Enrolment:
    """The open enrolment, whichever it is; a second click makes no second one."""
    enrolment, is_new = Enrolment.objects.open().get_or_create(
        person=by,
        course=course,
        defaults={"source": Enrolment.Source.SELF, "reason": _("You chose this course."), "enrolled_at": at},
    )
    if is_new:
        audit.record(by=by, verb="training.enrol", on=enrolment, details={"course": course.pk})
        bump(f"person:{by.pk}")
    return enrolment


@transaction.atomic
def assign(
    *,
    by: User,
    course: Course,
    audience: Audience,
    reason: str,
    due_on: date | None,
    for_joiners: bool = False,
    joiner_days: int = 30,
) -> Assignment:
    assignment: Assignment = Assignment.objects.create(
        course=course, audience=audience, reason=reason, due_on=due_on, ordered_by=by,
        for_joiners=for_joiners, joiner_days=joiner_days,
    )  # fmt: skip
    audit.record(by=by, verb="training.assign", on=assignment, details={"course": course.pk, "audience": audience.pk})
    enqueue("training.carry_out", {"assignment_id": assignment.pk}, key=f"training.assignment:{assignment.pk}")
    return assignment


# Set-based: 56,000 people in one statement. Left out are those who are in the course already, who hold a
# completion that outlasts the due date, and who may not open the course. `since` narrows it to who joined later: they
# get at least `joiner_days`, and whoever was in the course through this order before is left alone.
ENROL = """
INSERT INTO training_enrolment
    (person_id, course_id, source, reason, assignment_id, enrolled_at, due_on, extra_attempts)
SELECT member.person_id, %(course)s, 'assigned', %(reason)s, %(assignment)s, %(at)s,
    CASE WHEN %(since)s::date IS NULL OR %(due_on)s::date IS NULL THEN %(due_on)s::date
    ELSE GREATEST(%(due_on)s::date, member.joined_on + %(days)s, reader.joined_on + %(days)s) END, 0
FROM people_audiencemember AS member
JOIN people_user AS person ON person.id = member.person_id AND person.is_active
JOIN people_audiencemember AS reader ON reader.person_id = member.person_id AND reader.audience_id = %(reader)s
WHERE member.audience_id = %(audience)s
  AND (%(since)s::date IS NULL OR GREATEST(member.joined_on, reader.joined_on) >= %(since)s::date)
  AND NOT EXISTS (
    SELECT 1 FROM training_enrolment AS before
    WHERE before.assignment_id = %(assignment)s AND before.person_id = member.person_id)
  AND NOT EXISTS (
    SELECT 1 FROM training_completion AS completion
    JOIN training_certificate AS certificate ON certificate.completion_id = completion.id
    WHERE completion.person_id = member.person_id AND completion.course_id = %(course)s
      AND certificate.revoked_at IS NULL
      AND (completion.valid_until IS NULL OR completion.valid_until >= %(counts_on)s))
ON CONFLICT (person_id, course_id) WHERE completed_at IS NULL AND withdrawn_at IS NULL DO NOTHING
RETURNING person_id
"""


@transaction.atomic
def carry_out(*, assignment: Assignment, at: datetime) -> int:
    """Enrol the audience as it is now; returns how many are new. Safe to run twice.

    Telling them is a job of its own, so that nobody waits for mail to have a course.
    """
    locked = Assignment.objects.select_for_update(of=("self",)).select_related("course__current").get(pk=assignment.pk)
    if locked.carried_out_at is not None:
        return locked.enrolled or 0
    person_ids = _insert(locked, at)
    locked.carried_out_at, locked.enrolled = at, len(person_ids)
    locked.save(update_fields=["carried_out_at", "enrolled"])
    audit.record(by=None, verb="training.enrol_audience", on=locked, details={"enrolled": len(person_ids)})
    enqueue("training.tell_enrolled", {"assignment_id": locked.pk}, key=f"training.told:{locked.pk}")
    bump("training:records")
    return len(person_ids)


@transaction.atomic
def enrol_joiners(*, audience_id: int, at: datetime) -> int:
    """Standing orders reach who joined their audience, or the course's, later. Safe to run twice."""
    standing = Assignment.objects.filter(for_joiners=True, carried_out_at__isnull=False).filter(
        Q(audience=audience_id) | Q(course__audience=audience_id), course__current__isnull=False
    )
    total = 0
    for order in standing.select_for_update(of=("self",)).select_related("course__current").order_by("pk"):
        person_ids = _insert(order, at, since=order.carried_out_at)
        if person_ids:
            audit.record(by=None, verb="training.enrol_joiners", on=order, details={"enrolled": len(person_ids)})
            enqueue("training.tell_enrolled", {"assignment_id": order.pk, "since": at.isoformat()})
            bump("training:records", *(f"person:{each}" for each in person_ids))
        total += len(person_ids)
    return total


@transaction.atomic
def tell_enrolled(*, assignment: Assignment, since: datetime | None = None) -> None:
    """All who are enrolled by it, or those since a moment; each person hears of an order once."""
    course = Course.objects.published().get(pk=assignment.course_id)
    told = assignment.enrolments.open()
    if since:
        told = told.filter(enrolled_at__gte=since)
    notify(
        person_ids=list(told.values_list("person_id", flat=True)),
        kind="training.enrolled",
        subject=_("You have a course to take: %(course)s") % {"course": course.title},
        url=reverse("training:course", args=[course.slug]),
        key=f"training.assignment:{assignment.pk}",
    )


def _insert(assignment: Assignment, at: datetime, since: datetime | None = None) -> list[int]:
    values: dict[str, int | str | date | None] = {
        "course": assignment.course_id,
        "reason": assignment.reason,
        "assignment": assignment.pk,
        "at": at,
        "due_on": assignment.due_on,
        "reader": assignment.course.audience_id,
        "audience": assignment.audience_id,
        "counts_on": assignment.due_on or timezone.localdate(at),
        "days": assignment.joiner_days,
        "since": timezone.localdate(since, timezone.get_default_timezone()) if since else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(ENROL, values)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def allow_another_attempt(*, by: User, enrolment: Enrolment) -> None:
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    locked.extra_attempts += 1
    locked.save(update_fields=["extra_attempts"])
    audit.record(by=by, verb="training.allow_attempt", on=locked, details={"extra": locked.extra_attempts})
    course = Course.objects.published().get(pk=locked.course_id)
    notify(
        person_ids=[locked.person_id],
        kind="training.enrolled",
        subject=_("You may try the quiz once more: %(course)s") % {"course": course.title},
        url=reverse("training:quiz", args=[course.slug]),
        key=f"training.extra:{locked.pk}:{locked.extra_attempts}",
    )


@transaction.atomic
def withdraw(*, by: User, enrolment: Enrolment, at: datetime) -> None:
    """The record stays; the person no longer owes the course."""
    changed = Enrolment.objects.open().filter(pk=enrolment.pk).update(withdrawn_at=at)
    if changed:
        audit.record(by=by, verb="training.withdraw", on=enrolment)
        bump(f"person:{enrolment.person_id}", "training:records")
