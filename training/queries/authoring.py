"""What authors look at: courses with their versions, and what a draft still lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from training.models import Completion, Course, CourseVersion, Enrolment, Question, Step


@dataclass(frozen=True)
class AuthoredCourse:
    course: Course
    title: str
    draft: CourseVersion | None
    open: int
    completed: int


def authored_courses() -> list[AuthoredCourse]:
    """Two queries: every course, published or not, with its figures and its draft."""
    # Each counted by itself: joined, every enrolment would meet every completion.
    courses = Course.objects.select_related("current").annotate(
        open=_per_course(Enrolment.objects.filter(completed_at=None, withdrawn_at=None)),
        completed=_per_course(Completion.objects.all()),
    )
    drafts = {draft.course_id: draft for draft in CourseVersion.objects.drafts()}
    rows = [_row(course, drafts.get(course.pk)) for course in courses]
    return sorted(rows, key=lambda row: row.title)


def _per_course(rows: "QuerySet[Enrolment] | QuerySet[Completion]") -> Coalesce:
    counted = rows.filter(course=OuterRef("pk")).order_by().values("course").annotate(found=Count("pk"))
    return Coalesce(Subquery(counted.values("found")), 0)


def _row(course: Course, draft: CourseVersion | None) -> AuthoredCourse:
    title = course.current.title if course.current or draft is None else draft.title  # type: ignore[union-attr]
    return AuthoredCourse(course, title, draft, course.open, course.completed)  # type: ignore[attr-defined]


def problems_of(version: CourseVersion) -> list[str]:
    """What keeps a draft from being published, in the order in which one would mend it."""
    return [*_lesson_problems(version), *_question_problems(version)]


def _lesson_problems(version: CourseVersion) -> Iterator[str]:
    modules = list(version.modules.annotate(size=Count("lessons")))
    if not modules:
        yield _("There is no module yet.")
    for module in modules:
        if not module.size:
            yield _("The module “%(title)s” has no lesson.") % {"title": module.title}
    slugs = set(version.lessons.values_list("slug", flat=True))
    for question in version.questions.all():
        if question.lesson_slug and question.lesson_slug not in slugs:
            yield _("Question %(number)s points to a lesson that is not there.") % {"number": question.position}


def _question_problems(version: CourseVersion) -> Iterator[str]:
    questions = list(version.questions.with_choices())
    if not questions:
        yield _("There is no question yet: without a quiz nobody can complete the course.")
    for question in questions:
        found = _scenario_problem(question) if question.is_scenario else _choice_problem(question)
        if found:
            yield _("Question %(number)s: %(problem)s") % {"number": question.position, "problem": found}


def _choice_problem(question: Question) -> str:
    choices = list(question.choices.all())
    right = sum(choice.is_right for choice in choices)
    if len(choices) < 2:
        return _("it needs at least two answers.")
    if right == 0:
        return _("no answer is marked as right.")
    if right > 1 and question.kind != Question.Kind.MULTIPLE:
        return _("only one answer may be right.")
    return ""


def _scenario_problem(question: Question) -> str:
    steps = {step.pk: step for step in question.steps.all()}
    start = next(iter(steps.values()), None)
    if start is None or not start.choices.all():
        return _("its first step needs choices.")
    if any(step.choices.all() and not any(choice.is_right for choice in step.choices.all()) for step in steps.values()):
        return _("a step has no right choice.")
    reached: set[int] = set()
    if _goes_in_a_circle(start, steps, reached, ()):
        return _("its choices lead in a circle, so it may never end.")
    if reached != set(steps):
        return _("no choice leads to one of its steps.")
    return ""


def _goes_in_a_circle(step: Step, steps: Mapping[int, Step], reached: set[int], way: tuple[int, ...]) -> bool:
    """Walks every way from the step, noting what it reaches."""
    if step.pk in way:
        return True
    if step.pk in reached:
        return False
    further = [steps[choice.leads_to_id] for choice in step.choices.all() if choice.leads_to_id]
    circle = any(_goes_in_a_circle(each, steps, reached, (*way, step.pk)) for each in further)
    reached.add(step.pk)
    return circle
