"""A small published course with one question of every kind, and the steps a test takes through it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from coe_portal.people.models import Audience, User
from tests.factories.people import PersonFactory
from training.actions.complete import new_code
from training.actions.quizzes import answer
from training.models import (
    Attempt,
    Certificate,
    Choice,
    Completion,
    Course,
    CourseVersion,
    Enrolment,
    Lesson,
    Module,
    Programme,
    Question,
    Step,
)
from training.queries.quizzes import Item, items_of

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def everyone() -> Audience:
    return Audience.objects.get_or_create(is_everyone=True, defaults={"name": "Everyone"})[0]


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    slug = factory.Sequence(lambda n: f"course-{n}")
    audience = factory.LazyFunction(everyone)


class CourseVersionFactory(DjangoModelFactory):
    class Meta:
        model = CourseVersion

    course = factory.SubFactory(CourseFactory)
    number = 1
    title = factory.LazyAttribute(lambda version: f"About {version.course.slug}")
    summary = "A short course."
    outcomes = "Tell one thing from another"
    pass_mark = 80
    published_at = NOON
    published_by = factory.SubFactory(PersonFactory)


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    title = factory.Sequence(lambda n: f"Programme {n}")
    summary = "Courses in order."
    for_whom = "For everybody"
    audience = factory.LazyFunction(everyone)


class EnrolmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrolment

    person = factory.SubFactory(PersonFactory)
    source = Enrolment.Source.SELF
    reason = "You chose this course."
    enrolled_at = NOON


def course_with(*kinds: str, slug: str = "privacy", audience: Audience | None = None, **rules: object) -> Course:
    """Published, two modules, lessons "one", "two" and "three", and a question of each of the kinds."""
    course = CourseFactory(slug=slug, audience=audience or everyone())
    version = CourseVersionFactory(course=course, **rules)
    add_lessons(version)
    for position, kind in enumerate(kinds, start=1):
        add_question(version, kind, position)
    if version.published_at:
        course.current = version
        course.save()
    return course


def add_lessons(version: CourseVersion) -> None:
    first = Module.objects.create(version=version, title="First part", position=1)
    second = Module.objects.create(version=version, title="Second part", position=2)
    for module, position, slug in [(first, 1, "one"), (first, 2, "two"), (second, 1, "three")]:
        Lesson.objects.create(
            version=version,
            module=module,
            position=position,
            slug=slug,
            title=f"Lesson {slug}",
            text=f"Words of {slug}",
            html=f"<p>Words of {slug}</p>",
            minutes=4,
        )


def add_question(version: CourseVersion, kind: str, position: int) -> Question:
    question = Question.objects.create(
        version=version,
        position=position,
        kind=kind,
        text=f"Question {position}",
        html=f"<p>Question {position}</p>",
        explanation="Because.",
        explanation_html="<p>Because.</p>",
        clause_url="/policies/patient-privacy-online/#identifiers",
        clause_label="What identifies a patient",
        lesson_slug="one",
    )
    if kind == Question.Kind.SCENARIO:
        _add_steps(question)
    else:
        right = {"single": "A", "multiple": "AB", "true_false": "A"}[kind]
        for place, letter in enumerate("AB" if kind == "true_false" else "ABC", start=1):
            Choice.objects.create(question=question, position=place, text=letter, is_right=letter in right)
    return question


def _add_steps(question: Question) -> None:
    """start -good-> middle -good-> end; start -bad-> detour -good-> middle; middle -bad-> end."""
    steps = {
        name: Step.objects.create(question=question, position=place, text=name, html=f"<p>{name}</p>")
        for place, name in enumerate(["start", "detour", "middle", "end"], start=1)
    }
    ways = [("start", "middle", "detour"), ("detour", "middle", "middle"), ("middle", "end", "end")]
    for name, good, bad in ways:
        for place, (word, to, is_right) in enumerate([("good", good, True), ("bad", bad, False)], start=1):
            Choice.objects.create(
                question=question,
                step=steps[name],
                position=place,
                text=f"{word} from {name}",
                is_right=is_right,
                feedback=f"{word}.",
                clause_url="" if is_right else "/policies/crisis-communication/#pass-on",
                clause_label="" if is_right else "Pass on first",
                leads_to=steps[to],
            )


def attempt_at(course: Course, person: User, **fields: object) -> Attempt:
    """An attempt that has begun, with the questions in the order in which they were written."""
    enrolment = Enrolment.objects.open().filter(person=person, course=course).first() or EnrolmentFactory(
        person=person, course=course
    )
    version = course.current
    assert version
    ids = list(version.questions.order_by("position").values_list("pk", flat=True))
    number = enrolment.attempts.count() + 1
    values = {"number": number, "started_at": NOON, "version": version, "question_ids": ids, **fields}
    return Attempt.objects.create(enrolment=enrolment, **values)


def right_ids(item: Item) -> list[int]:
    return [choice.pk for choice in item.choices if choice.is_right]


def wrong_ids(item: Item) -> list[int]:
    return [choice.pk for choice in item.choices if not choice.is_right][:1]


def answer_all(attempt: Attempt, *, right: bool = True) -> None:
    """Every question, and every step of a scenario until it ends."""
    for number in range(1, len(attempt.question_ids) + 1):
        while not (item := items_of(attempt)[number - 1]).is_answered:
            answer(attempt=attempt, number=number, choice_ids=right_ids(item) if right else wrong_ids(item), at=NOON)


def completion_of(person: User, course: Course, **fields: object) -> Completion:
    """With its enrolment and certificate."""
    enrolment = EnrolmentFactory(person=person, course=course, completed_at=NOON)
    values = {"completed_at": NOON, "completed_on": TODAY, "score": Decimal(90), **fields}
    completion = Completion.objects.create(
        person=person, course=course, version=course.current, enrolment=enrolment, **values
    )
    Certificate.objects.create(
        completion=completion, code=new_code(), holder=person.name, title=completion.version.title
    )
    return completion
