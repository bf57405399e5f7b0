"""A person goes through lessons."""

from datetime import datetime

from django.db import transaction

from coe_portal.core.versions import bump
from coe_portal.people.models import User
from training.actions.enrol import enrol_oneself
from training.models import Course, Enrolment, LessonDone
from training.queries.outline import Outline, OutlineLesson, Progress, progress_of


class NotOpenYet(Exception):
    """The course keeps its lessons in order, and something before this one is not done."""


@transaction.atomic
def mark_done(*, by: User, outline: Outline, lesson: OutlineLesson, at: datetime) -> Progress:
    """Who has not enrolled yet is enrolled by reading. Finished courses can be read again; nothing is written then."""
    progress = progress_of(by, outline.course_id)
    if not progress.may_open(outline, lesson):
        raise NotOpenYet
    if progress.completed_at is not None:
        return progress
    enrolment_id = progress.enrolment_id or _begin(by, outline, at).pk
    LessonDone.objects.get_or_create(enrolment_id=enrolment_id, lesson_slug=lesson.slug, defaults={"done_at": at})
    bump(f"person:{by.pk}")
    return progress_of(by, outline.course_id)


def _begin(by: User, outline: Outline, at: datetime) -> Enrolment:
    return enrol_oneself(by=by, course=Course.objects.get(pk=outline.course_id), at=at)
