"""Enrolments, attempts and completions of everybody, made up and written in bulk."""

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import StringIO

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from coe_portal.people.demo import DemoOrganisation
from coe_portal.people.models import AudienceMember, User
from training.actions.complete import new_code
from training.models import (
    Answer,
    Assignment,
    Attempt,
    Certificate,
    Completion,
    Course,
    Enrolment,
    LessonDone,
)
from training.queries.quizzes import Item, items_with
from training.rules import add_months, score_in_per_cent

PRIVACY = "patient-privacy-in-everyday-posts"
SPEAKING = "speaking-for-yourself"
REVIEWS = "answering-reviews"
ACCOUNT = "running-an-account"
ACCESSIBLE = "posts-everyone-can-use"
CRISIS = "the-first-hour"


@dataclass(frozen=True)
class Plan:
    """Of those enrolled, how many have finished and how many are in the middle; the rest have not begun."""

    share: float
    finished: float
    begun: float
    reason: str
    due_in_days: int | None


PLANS = {
    PRIVACY: Plan(1.0, 0.74, 0.10, "Everybody at Riverbend learns this in their first month.", 18),
    SPEAKING: Plan(0.85, 0.58, 0.14, "Part of the programme for new employees.", 25),
    REVIEWS: Plan(0.16, 0.5, 0.2, "Your department answers reviews.", 12),
    ACCOUNT: Plan(0.07, 0.6, 0.2, "You look after an official account.", 40),
    ACCESSIBLE: Plan(0.12, 0.45, 0.25, "Everyone who publishes for Riverbend takes this course.", 60),
    CRISIS: Plan(0.22, 0.4, 0.15, "Refresher of this year for those who know the ropes.", 33),
}


def days_ago_at(organisation: DemoOrganisation, days_ago: int, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(organisation.days_ago(days_ago), time(hour)))


class Records:
    """Collects rows of all courses, then writes each table once."""

    def __init__(self, organisation: DemoOrganisation, chance: random.Random) -> None:
        self.organisation = organisation
        self.chance = chance
        self.fixed = self._fixed()
        self.slugs: dict[int, list[str]] = {}
        self.enrolments: list[Enrolment] = []
        self.lessons: list[tuple[Enrolment, str, datetime]] = []
        self.attempts: list[Attempt] = []
        self.answers: list[tuple[Attempt, int, int | None, list[int], bool, datetime]] = []
        self.completions: list[Completion] = []
        self.certificates: list[Certificate] = []

    def _fixed(self) -> dict[tuple[int, str], tuple[float, int | None]]:
        """What those show who sign in to the demo: how far they are (1 is finished) and in how many days it is due."""
        employee = self.organisation.sign_ins["employee"].pk
        return {
            (employee, PRIVACY): (0.5, 9),
            (employee, SPEAKING): (1, 20),
            (employee, REVIEWS): (0, -6),
            (employee, CRISIS): (0, 26),
            (employee, ACCOUNT): (-1, None),
            (employee, ACCESSIBLE): (-1, None),
        } | {
            (self.organisation.sign_ins[key].pk, slug): (1, None)
            for key in ("strategist", "approver", "coordinator")
            for slug in PLANS
        }

    def plan(self, course: Course, plan: Plan) -> None:
        readers = set(AudienceMember.objects.filter(audience=course.audience).values_list("person_id", flat=True))
        assignment = self._assignment(course, plan)
        items = items_with(_specimen(course), [])
        for person in self.organisation.people:
            far, due_in = self.fixed.get((person.pk, course.slug)) or self._chosen(plan)
            if person.pk in readers and far >= 0:
                self._enrol(person, course, assignment, items, far, due_in)

    def _assignment(self, course: Course, plan: Plan) -> Assignment:
        at = days_ago_at(self.organisation, 400)
        assignment = Assignment.objects.create(
            course=course,
            audience=course.audience,
            reason=plan.reason,
            ordered_by=self.organisation.sign_ins["strategist"],
            carried_out_at=at,
            enrolled=0,
        )
        Assignment.objects.filter(pk=assignment.pk).update(ordered_at=at)
        return assignment

    def _chosen(self, plan: Plan) -> tuple[float, int | None]:
        if self.chance.random() > plan.share:
            return -1, None
        luck = self.chance.random()
        due = None if plan.due_in_days is None else plan.due_in_days - self.chance.choice([0, 0, 7, 14, 30, 60])
        if luck < plan.finished:
            return 1, due
        return (self.chance.choice([0.25, 0.5, 0.75]) if luck < plan.finished + plan.begun else 0), due

    def _enrol(
        self, person: User, course: Course, assignment: Assignment, items: list[Item], far: float, due_in: int | None
    ) -> None:
        hired_ago = (self.organisation.today - person.hired_on).days if person.hired_on else 0
        ago = min(self.chance.randint(40, 390) if far else self.chance.randint(5, 20), hired_ago)
        enrolment = Enrolment(
            person=person,
            course=course,
            source=Enrolment.Source.ASSIGNED,
            reason=assignment.reason,
            assignment=assignment,
            enrolled_at=days_ago_at(self.organisation, ago, 8),
            due_on=None if due_in is None else self.organisation.today + timedelta(days=due_in),
        )
        self.enrolments.append(enrolment)
        self._go_through(enrolment, items, far)

    def _go_through(self, enrolment: Enrolment, items: list[Item], far: float) -> None:
        slugs = self._slugs(enrolment.course)
        done = slugs[: round(far * len(slugs))]
        at = enrolment.enrolled_at + timedelta(days=1)
        self.lessons += [(enrolment, slug, at + timedelta(minutes=6 * number)) for number, slug in enumerate(done)]
        if far == 1:
            self._pass(enrolment, items, at + timedelta(hours=2))

    def _slugs(self, course: Course) -> list[str]:
        if course.pk not in self.slugs:
            lessons = course.current.lessons.order_by("module__position", "position") if course.current else []
            self.slugs[course.pk] = [lesson.slug for lesson in lessons]
        return self.slugs[course.pk]

    def _pass(self, enrolment: Enrolment, items: list[Item], at: datetime) -> None:
        """One attempt in five fails first."""
        number = 1
        surely = (enrolment.person.pk, enrolment.course.slug) in self.fixed
        if not surely and self.chance.random() < 0.2:
            self._attempt(enrolment, items, number, at, skill=0.55)
            number, at = 2, at + timedelta(days=1)
        attempt = self._attempt(enrolment, items, number, at, skill=1 if surely else 0.97)
        if attempt.passed:
            self._complete(enrolment, attempt)

    def _attempt(self, enrolment: Enrolment, items: list[Item], number: int, at: datetime, skill: float) -> Attempt:
        version = enrolment.course.current
        assert version is not None  # noqa: S101 - the demo publishes every course
        attempt = Attempt(
            enrolment=enrolment,
            version=version,
            number=number,
            question_ids=[item.question.pk for item in items],
            started_at=at,
            submitted_at=at + timedelta(minutes=self.chance.randint(5, 16)),
        )
        points = [self._answer(attempt, item, skill) for item in items]
        attempt.score = score_in_per_cent(points)
        attempt.passed = attempt.score >= version.pass_mark
        self.attempts.append(attempt)
        return attempt

    def _answer(self, attempt: Attempt, item: Item, skill: float) -> Decimal:
        if item.question.is_scenario:
            return self._walk(attempt, item, skill)
        # Not spread evenly, so that the statistics say something.
        hardness = 0.16 if item.number % 3 == 0 else 0.02
        right = skill == 1 or self.chance.random() < skill - hardness
        wrong = [choice.pk for choice in item.choices if not choice.is_right]
        chosen = [choice.pk for choice in item.right_choices] if right else [self.chance.choice(wrong[:2])]
        self._keep(attempt, item, None, chosen, is_right=right)
        return Decimal(right)

    def _walk(self, attempt: Attempt, item: Item, skill: float) -> Decimal:
        steps = {step.pk: step for step in item.question.steps.all()}
        step, moves = item.step, []
        while step is not None and (choices := list(step.choices.all())):
            right = self.chance.random() < skill
            choice = next(each for each in self.chance.sample(choices, len(choices)) if each.is_right == right)
            moves.append(choice.is_right)
            self._keep(attempt, item, step.pk, [choice.pk], is_right=choice.is_right)
            step = steps.get(choice.leads_to_id or 0)
        return Decimal(sum(moves)) / len(moves)

    def _keep(self, attempt: Attempt, item: Item, step_id: int | None, chosen: list[int], *, is_right: bool) -> None:
        given_at = attempt.started_at + timedelta(seconds=30 * len(self.answers) % 300)
        self.answers.append((attempt, item.question.pk, step_id, chosen, is_right, given_at))

    def _complete(self, enrolment: Enrolment, attempt: Attempt) -> None:
        at = attempt.submitted_at
        assert at is not None and attempt.score is not None  # noqa: S101, PT018 - it has just been handed in
        day = timezone.localdate(at)
        months = attempt.version.valid_months
        enrolment.completed_at = at
        completion = Completion(
            person=enrolment.person,
            course=enrolment.course,
            version=attempt.version,
            enrolment=enrolment,
            completed_at=at,
            completed_on=day,
            score=attempt.score,
            valid_until=add_months(day, months) if months else None,
        )
        self.completions.append(completion)
        self.certificates.append(
            Certificate(
                completion=completion, code=new_code(), holder=enrolment.person.name, title=attempt.version.title
            )
        )

    def write(self) -> None:
        """The two long tables go in by COPY: a fifth of the time of `bulk_create`."""
        Enrolment.objects.bulk_create(self.enrolments, batch_size=5_000)
        Attempt.objects.bulk_create(self.attempts, batch_size=5_000)
        Completion.objects.bulk_create(self.completions, batch_size=5_000)
        Certificate.objects.bulk_create(self.certificates, batch_size=5_000)
        _copy(
            LessonDone,
            ("enrolment_id", "lesson_slug", "done_at"),
            ((enrolment.pk, slug, at.isoformat()) for enrolment, slug, at in self.lessons),
        )
        _copy(
            Answer,
            ("attempt_id", "question_id", "step_id", "choice_ids", "is_right", "given_at"),
            (
                (attempt.pk, question_id, step_id, "{" + ",".join(map(str, chosen)) + "}", is_right, at.isoformat())
                for attempt, question_id, step_id, chosen, is_right, at in self.answers
            ),
        )
        for assignment in Assignment.objects.all():
            assignment.enrolled = assignment.enrolments.count()
            assignment.save(update_fields=["enrolled"])


def _copy(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    lines = StringIO()
    csv.writer(lines).writerows(rows)
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv)", lines)


def _specimen(course: Course) -> Attempt:
    """An attempt that is never saved: it gives the questions with their choices."""
    version = course.current
    assert version is not None  # noqa: S101 - the demo publishes every course
    return Attempt(version=version, question_ids=list(version.questions.values_list("pk", flat=True)))
