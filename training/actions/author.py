"""Authors write drafts. What is published never changes: a new version starts as a copy of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.utils.text import slugify

from coe_portal.audit import actions as audit
from coe_portal.core import markdown
from coe_portal.core.versions import bump
from coe_portal.people.models import Audience, User
from coe_portal.search.actions import refresh
from training.models import Choice, Course, CourseVersion, Lesson, Module, Programme, ProgrammeCourse, Question, Step
from training.queries.outline import course_version_name


@transaction.atomic
def create_course(
    *, by: User, slug: str, audience: Audience, required_for_licence: bool, details: Mapping[str, Any]
) -> Course:
    course: Course = Course.objects.create(slug=slug, audience=audience, required_for_licence=required_for_licence)
    CourseVersion.objects.create(course=course, number=1, **details)
    audit.record(by=by, verb="training.create_course", on=course)
    return course


@transaction.atomic
def change_course(*, by: User, course: Course, audience: Audience, required_for_licence: bool) -> None:
    """For whom it is counts at once, in every version."""
    course.audience, course.required_for_licence = audience, required_for_licence
    course.save(update_fields=["audience", "required_for_licence"])
    audit.record(by=by, verb="training.change_course", on=course, details={"audience": audience.pk})
    bump(course_version_name(course.slug), "training:records")
    refresh("course", [course.pk])
    refresh("lesson", list(Lesson.objects.in_force().filter(version__course=course).values_list("pk", flat=True)))


@transaction.atomic
def save_details(*, by: User, version: CourseVersion, details: Mapping[str, Any]) -> None:
    for name, value in details.items():
        setattr(version, name, value)
    version.save()
    _note(by, version, "details")


@transaction.atomic
def save_module(*, by: User, module: Module) -> Module:
    if module.pk is None:
        module.position = next_position(module.version.modules)
    module.save()
    _note(by, module.version, "module")
    return module


@transaction.atomic
def save_lesson(*, by: User, lesson: Lesson) -> Lesson:
    """Its address is made from its first title and then stays, whatever the title becomes."""
    lesson.html = markdown.render(lesson.text)
    lesson.transcript_html = markdown.render(lesson.transcript)
    lesson.slug = lesson.slug or _free_slug(lesson.version, lesson.title)
    if lesson.pk is None:
        lesson.position = next_position(lesson.module.lessons)
    lesson.save()
    _note(by, lesson.version, "lesson")
    return lesson


@transaction.atomic
def save_question(*, by: User, question: Question, choices: Iterable[Mapping[str, Any]] = ()) -> Question:
    """The choices replace those there were; a scenario has its choices at its steps."""
    question.html = markdown.render(question.text)
    question.explanation_html = markdown.render(question.explanation)
    if question.pk is None:
        question.position = next_position(question.version.questions)
    question.save()
    if not question.is_scenario:
        _replace_choices(question, None, choices)
    _note(by, question.version, "question")
    return question


@transaction.atomic
def save_step(*, by: User, step: Step, choices: Iterable[Mapping[str, Any]] = ()) -> Step:
    step.html = markdown.render(step.text)
    if step.pk is None:
        step.position = next_position(step.question.steps)
    step.save()
    _replace_choices(step.question, step, choices)
    _note(by, step.question.version, "step")
    return step


def _replace_choices(question: Question, step: Step | None, choices: Iterable[Mapping[str, Any]]) -> None:
    question.choices.filter(step=step).delete()
    Choice.objects.bulk_create(
        Choice(question=question, step=step, position=position, **fields)
        for position, fields in enumerate(choices, start=1)
    )


@transaction.atomic
def move(*, by: User, thing: Model, siblings: "QuerySet[Any]", up: bool, version: CourseVersion | None) -> None:
    """Change places with the neighbour; the first does not go up, nor the last down."""
    ordered = list(siblings.select_for_update().order_by("position"))
    index = ordered.index(thing)
    other = index - 1 if up else index + 1
    if not 0 <= other < len(ordered):
        return
    here, there = ordered[index], ordered[other]
    here.position, there.position = there.position, here.position
    for each in (here, there):
        each.save(update_fields=["position"])
    _note(by, version, "order") if version else audit.record(by=by, verb="training.edit", on=here)


@transaction.atomic
def remove(*, by: User, thing: Module | Lesson | Question | Step, version: CourseVersion) -> None:
    thing.delete()
    _note(by, version, "remove")


@transaction.atomic
def save_programme(*, by: User, programme: Programme) -> Programme:
    is_new = programme.pk is None
    programme.save()
    audit.record(by=by, verb="training.create_programme" if is_new else "training.edit_programme", on=programme)
    bump("training:records")
    return programme


@transaction.atomic
def add_to_programme(*, by: User, programme: Programme, course: Course) -> None:
    ProgrammeCourse.objects.get_or_create(
        programme=programme, course=course, defaults={"position": next_position(programme.places)}
    )
    audit.record(by=by, verb="training.edit_programme", on=programme, details={"added": course.pk})


@transaction.atomic
def take_from_programme(*, by: User, programme: Programme, course: Course) -> None:
    ProgrammeCourse.objects.filter(programme=programme, course=course).delete()
    audit.record(by=by, verb="training.edit_programme", on=programme, details={"removed": course.pk})


def next_position(siblings: Any) -> int:
    highest: int | None = siblings.aggregate(highest=Max("position"))["highest"]
    return (highest or 0) + 1


def _free_slug(version: CourseVersion, title: str) -> str:
    base = slugify(title)[:70] or "lesson"
    taken = set(version.lessons.values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1_000))) if slug not in taken)


def _note(by: User, version: CourseVersion, part: str) -> None:
    audit.record(by=by, verb="training.edit", on=version, details={"part": part})
