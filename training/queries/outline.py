"""A course as its outline: what a page about it shows around the text, kept in the cache by version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.db.models import Q, Value
from django.urls import reverse
from django.utils.functional import cached_property

from coe_portal.core import versions
from coe_portal.people.models import User
from training.models import Course, CourseVersion, Enrolment, Lesson


@dataclass(frozen=True)
class OutlineLesson:
    id: int
    slug: str
    title: str
    kind: str
    minutes: int
    url: str

    @property
    def is_video(self) -> bool:
        return self.kind == Lesson.Kind.VIDEO


@dataclass(frozen=True)
class OutlineModule:
    title: str
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True)
class Outline:
    course_id: int
    slug: str
    audience_id: int
    required_for_licence: bool
    version_id: int
    number: int
    title: str
    summary: str
    outcomes: tuple[str, ...]
    in_order: bool
    pass_mark: int
    attempts_allowed: int | None
    cool_down_hours: int
    valid_months: int | None
    question_count: int
    published_at: datetime | None
    modules: tuple[OutlineModule, ...]

    @property
    def url(self) -> str:
        return reverse("training:course", args=[self.slug])

    @property
    def quiz_url(self) -> str:
        return reverse("training:quiz", args=[self.slug])

    @cached_property
    def lessons(self) -> tuple[OutlineLesson, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def minutes(self) -> int:
        """Reading time, and a minute and a half a question."""
        return sum(lesson.minutes for lesson in self.lessons) + -(-self.question_count * 3 // 2)

    def lesson(self, slug: str) -> OutlineLesson | None:
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def after(self, lesson: OutlineLesson) -> OutlineLesson | None:
        following = self.lessons[self.lessons.index(lesson) + 1 :]
        return following[0] if following else None

    def before(self, lesson: OutlineLesson) -> OutlineLesson | None:
        earlier = self.lessons[: self.lessons.index(lesson)]
        return earlier[-1] if earlier else None


@dataclass(frozen=True)
class Progress:
    """How far one person is in one course, by their latest enrolment; all empty for somebody who never began."""

    enrolment_id: int | None = None
    due_on: date | None = None
    completed_at: datetime | None = None
    done: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        return self.enrolment_id is not None and self.completed_at is None

    def done_of(self, outline: Outline) -> int:
        return sum(lesson.slug in self.done for lesson in outline.lessons)

    def all_done(self, outline: Outline) -> bool:
        return self.done_of(outline) == len(outline.lessons)

    def next_lesson(self, outline: Outline) -> OutlineLesson | None:
        return next((lesson for lesson in outline.lessons if lesson.slug not in self.done), None)

    def may_open(self, outline: Outline, lesson: OutlineLesson) -> bool:
        """Where order is enforced, a lesson opens when everything before it is done."""
        if not outline.in_order or lesson.slug in self.done:
            return True
        return self.next_lesson(outline) == lesson

    def may_open_quiz(self, outline: Outline) -> bool:
        return not outline.in_order or self.all_done(outline) or self.completed_at is not None


@dataclass(frozen=True)
class OutlineLink:
    lesson: OutlineLesson
    state: str
    current: bool


def course_version_name(slug: str) -> str:
    """The name in core.versions that is bumped when the published course changes."""
    return f"training:course:{slug}"


def outline_of(slug: str) -> tuple[Outline, str] | None:
    """The published course and the token its fragments are keyed by."""
    token = versions.read(course_version_name(slug))
    key = f"training:outline:{slug}:{token}"
    outline: Outline | None = cache.get(key)
    if outline is None:
        course = Course.objects.published().filter(slug=slug).first()
        if course is None or course.current is None:
            return None
        outline = outline_from(course, course.current)
        cache.set(key, outline)
    return outline, token


def visible_outline(person: User, slug: str) -> tuple[Outline, str] | None:
    found = outline_of(slug)
    return found if found and found[0].audience_id in person.access.audience_ids else None


def outline_from(course: Course, version: CourseVersion) -> Outline:
    return Outline(
        course_id=course.pk,
        slug=course.slug,
        audience_id=course.audience_id,
        required_for_licence=course.required_for_licence,
        version_id=version.pk,
        number=version.number,
        title=version.title,
        summary=version.summary,
        outcomes=tuple(version.outcome_lines),
        in_order=version.in_order,
        pass_mark=version.pass_mark,
        attempts_allowed=version.attempts_allowed,
        cool_down_hours=version.cool_down_hours,
        valid_months=version.valid_months,
        question_count=version.questions.count(),
        published_at=version.published_at,
        modules=tuple(_modules(course.slug, version)),
    )


def _modules(slug: str, version: CourseVersion) -> Sequence[OutlineModule]:
    lessons = version.lessons.only("slug", "title", "kind", "minutes", "module_id", "position")
    by_module: dict[int, list[OutlineLesson]] = {}
    for each in lessons.order_by("position"):
        url = reverse("training:lesson", args=[slug, each.slug])
        shown = OutlineLesson(each.pk, each.slug, each.title, each.kind, each.minutes, url)
        by_module.setdefault(each.module_id, []).append(shown)
    return [OutlineModule(module.title, tuple(by_module.get(module.pk, []))) for module in version.modules.all()]


def progress_of(person: User, course_id: int) -> Progress:
    row = (
        Enrolment.objects.of(person)
        .filter(course_id=course_id, withdrawn_at=None)
        .annotate(
            done=ArrayAgg(
                "lessons_done__lesson_slug", filter=Q(lessons_done__lesson_slug__isnull=False), default=Value([])
            )
        )
        .order_by("-enrolled_at")
        .values_list("pk", "due_on", "completed_at", "done")
        .first()
    )
    return Progress(row[0], row[1], row[2], frozenset(row[3])) if row else Progress()


def outline_links(
    outline: Outline, progress: Progress, current: OutlineLesson | None = None
) -> list[tuple[str, list[OutlineLink]]]:
    """Module by module, every lesson with its state: "done", "locked" or ""."""
    return [
        (module.title, [OutlineLink(each, _state(outline, progress, each), each == current) for each in module.lessons])
        for module in outline.modules
    ]


def _state(outline: Outline, progress: Progress, lesson: OutlineLesson) -> str:
    if lesson.slug in progress.done:
        return "done"
    return "" if progress.may_open(outline, lesson) else "locked"
