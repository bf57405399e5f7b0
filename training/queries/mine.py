"""What one person learns: their courses as cards, programmes as paths."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from coe_portal.people.models import User
from training.models import Completion, Course, Enrolment, Lesson, LessonDone, Programme, Question
from training.rules import may_be_renewed


class State(StrEnum):
    NEW = "new"
    OPEN = "open"
    DONE = "done"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True)
class CourseCard:
    """A course as one person sees it in a list; `on` is the day it is looked at."""

    course_id: int
    slug: str
    title: str
    summary: str
    lessons: int
    minutes: int
    for_licence: bool
    on: date
    state: State
    done: int = 0
    due_on: date | None = None
    reason: str = ""
    valid_until: date | None = None
    certificate_code: str = ""

    @property
    def url(self) -> str:
        return reverse("training:course", args=[self.slug])

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_proven(self) -> bool:
        return self.state in {State.DONE, State.EXPIRING}

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < self.on

    @property
    def has_begun(self) -> bool:
        return self.done > 0


@dataclass(frozen=True)
class ProgrammePath:
    programme: Programme
    courses: tuple[CourseCard, ...]

    @property
    def proven(self) -> int:
        return sum(card.is_proven for card in self.courses)

    @property
    def is_complete(self) -> bool:
        return bool(self.courses) and self.proven == len(self.courses)

    @property
    def next(self) -> CourseCard | None:
        return next((card for card in self.courses if not card.is_proven), None)


def _per_version(rows: "QuerySet[Lesson] | QuerySet[Question]", aggregate: Count | Sum) -> Coalesce:
    counted = rows.filter(version=OuterRef("current")).order_by().values("version").annotate(found=aggregate)
    return Coalesce(Subquery(counted.values("found"), output_field=IntegerField()), 0)


def _sized(courses: "QuerySet[Course]") -> "QuerySet[Course]":
    return courses.annotate(
        lesson_count=_per_version(Lesson.objects.all(), Count("pk")),
        lesson_minutes=_per_version(Lesson.objects.all(), Sum("minutes")),
        question_count=_per_version(Question.objects.all(), Count("pk")),
    )


def open_enrolments(person: User) -> list[Enrolment]:
    """Each with `done`, the number of its lessons that the current version still has."""
    done = (
        LessonDone.objects.filter(enrolment=OuterRef("pk"))
        .filter(lesson_slug__in=Lesson.objects.filter(version=OuterRef(OuterRef("course__current"))).values("slug"))
        .order_by()
        .values("enrolment")
        .annotate(found=Count("pk"))
        .values("found")
    )
    found = Enrolment.objects.of(person).owed().annotate(done=Coalesce(Subquery(done), 0))
    return list(found.select_related("course__current").order_by(F("due_on").asc(nulls_last=True), "enrolled_at"))


def latest_completions(person: User) -> dict[int, Completion]:
    """By course, the newest completion that is not revoked."""
    found = Completion.objects.visible_to(person).filter(certificate__revoked_at=None).select_related("certificate")
    return {completion.course_id: completion for completion in found.order_by("completed_at")}


def course_cards(person: User, on: date, courses: "QuerySet[Course] | None" = None) -> list[CourseCard]:
    """Three queries, however many courses there are: what is open by due date, then the rest by title."""
    visible = Course.objects.visible_to(person) if courses is None else courses
    enrolments = {each.course_id: each for each in open_enrolments(person)}
    completions = latest_completions(person)
    cards = [_card(each, enrolments.get(each.pk), completions.get(each.pk), on) for each in _sized(visible)]
    return sorted(cards, key=lambda card: (not card.is_open, card.due_on or date.max, card.title))


def _card(course: Course, enrolment: Enrolment | None, completion: Completion | None, on: date) -> CourseCard:
    version = course.current
    assert version is not None  # noqa: S101 - visible courses are published
    questions: int = course.question_count  # type: ignore[attr-defined]
    minutes: int = course.lesson_minutes  # type: ignore[attr-defined]
    return CourseCard(
        course_id=course.pk,
        slug=course.slug,
        title=version.title,
        summary=version.summary,
        lessons=course.lesson_count,  # type: ignore[attr-defined]
        minutes=minutes + -(-questions * 3 // 2),
        for_licence=course.required_for_licence,
        on=on,
        state=_state(enrolment, completion, on),
        done=enrolment.done if enrolment else 0,  # type: ignore[attr-defined]
        due_on=enrolment.due_on if enrolment else None,
        reason=enrolment.reason if enrolment else "",
        valid_until=completion.valid_until if completion else None,
        certificate_code=completion.certificate.code if completion else "",
    )


def _state(enrolment: Enrolment | None, completion: Completion | None, on: date) -> State:
    if enrolment:
        return State.OPEN
    if completion is None:
        return State.NEW
    if completion.valid_until and completion.valid_until < on:
        return State.EXPIRED
    return State.EXPIRING if may_be_renewed(completion.valid_until, on) else State.DONE


def programme_paths(person: User, cards: Iterable[CourseCard]) -> list[ProgrammePath]:
    """The person's programmes; a course they may not open is left out of the path."""
    by_course = {card.course_id: card for card in cards}
    programmes = Programme.objects.visible_to(person).prefetch_related("places")
    paths = [
        ProgrammePath(
            programme,
            tuple(by_course[place.course_id] for place in programme.places.all() if place.course_id in by_course),
        )
        for programme in programmes
    ]
    return [path for path in paths if path.courses]
