"""A draft begins as a copy of what people see, and replaces it when it is published."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Max, Model

from coe_portal.audit import actions as audit
from coe_portal.core.versions import bump
from coe_portal.people.models import User
from coe_portal.search.actions import refresh
from training.models import Choice, Course, CourseVersion, Lesson, Module, Question, Step
from training.queries.authoring import problems_of
from training.queries.outline import course_version_name

Copied = TypeVar("Copied", bound=Model)


class NotReady(Exception):
    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@transaction.atomic
def publish(*, by: User, version: CourseVersion, change_note: str, at: datetime) -> None:
    """Raises NotReady. Completions and unfinished attempts stay with the version they belong to."""
    course = Course.objects.select_for_update().get(pk=version.course_id)
    draft = CourseVersion.objects.drafts().get(pk=version.pk)
    problems = problems_of(draft)
    if problems:
        raise NotReady(problems)
    replaced = list(Lesson.objects.in_force().filter(version__course=course).values_list("pk", flat=True))
    draft.published_at, draft.published_by, draft.change_note = at, by, change_note
    draft.save(update_fields=["published_at", "published_by", "change_note"])
    course.current = draft
    course.save(update_fields=["current"])
    audit.record(by=by, verb="training.publish", on=draft, details={"course": course.pk, "number": draft.number})
    refresh("course", [course.pk])
    refresh("lesson", [*replaced, *draft.lessons.values_list("pk", flat=True)])
    bump(course_version_name(course.slug), "training:records")


@transaction.atomic
def start_draft(*, by: User, course: Course) -> CourseVersion:
    """The draft there is, or a copy of the current version under the next number."""
    Course.objects.select_for_update().get(pk=course.pk)
    draft = course.versions.drafts().first()
    if draft:
        return draft
    highest = course.versions.aggregate(highest=Max("number"))["highest"] or 0
    source = course.current
    assert source is not None  # noqa: S101 - a course without a draft has been published
    copy = _copied(source, number=highest + 1, published_at=None, published_by=None, change_note="")
    copy.save()
    _copy_lessons(source, copy)
    _copy_questions(source, copy)
    audit.record(by=by, verb="training.start_draft", on=copy)
    return copy


def _copied(row: Copied, **changes: object) -> Copied:
    """Not saved yet; the same fields but for the changes."""
    fields = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(row, name) for name in fields}
    copy = type(row)(**values)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def _copy_lessons(source: CourseVersion, copy: CourseVersion) -> None:
    old = list(source.modules.all())
    new = Module.objects.bulk_create(_copied(each, version=copy) for each in old)
    modules = {before.pk: after for before, after in zip(old, new, strict=True)}
    Lesson.objects.bulk_create(
        _copied(each, version=copy, module=modules[each.module_id]) for each in source.lessons.all()
    )


def _copy_questions(source: CourseVersion, copy: CourseVersion) -> None:
    old = list(source.questions.all())
    new = Question.objects.bulk_create(_copied(each, version=copy) for each in old)
    questions = {before.pk: after for before, after in zip(old, new, strict=True)}
    old_steps = list(Step.objects.filter(question__in=old))
    new_steps = Step.objects.bulk_create(_copied(each, question=questions[each.question_id]) for each in old_steps)
    steps: dict[int | None, Step | None] = {
        before.pk: after for before, after in zip(old_steps, new_steps, strict=True)
    }
    Choice.objects.bulk_create(
        _copied(
            each,
            question=questions[each.question_id],
            step=steps.get(each.step_id),
            leads_to=steps.get(each.leads_to_id),
        )
        for each in Choice.objects.filter(question__in=old)
    )
