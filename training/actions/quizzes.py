"""A person takes a quiz: begin, answer by answer, hand in."""

import random
from collections.abc import Collection
from datetime import datetime
from secrets import randbits

from django.db import transaction

from coe_portal.audit import actions as audit
from coe_portal.people.models import User
from training.actions.complete import complete
from training.actions.enrol import enrol_oneself
from training.models import Answer, Attempt, Choice, Course, CourseVersion, Enrolment, Question
from training.permissions import may_start_attempt
from training.queries.quizzes import Item, attempts_of, first_unanswered, items_of
from training.rules import Permit, score_in_per_cent


class NoMoreAttempts(Exception):
    def __init__(self, permit: Permit) -> None:
        super().__init__(permit.refusal)
        self.permit = permit


class NotAnOption(Exception):
    """What was chosen is none of the choices that this question or step offers now."""


class Unanswered(Exception):
    def __init__(self, item: Item) -> None:
        super().__init__(f"Question {item.number} is not answered.")
        self.item = item


@transaction.atomic
def start(*, by: User, course: Course, at: datetime) -> Attempt:
    """The attempt that is under way, or a new one at the version of today. Raises NoMoreAttempts."""
    enrolment = enrol_oneself(by=by, course=course, at=at)
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    attempts = attempts_of(enrolment)
    under_way = next((attempt for attempt in attempts if not attempt.is_submitted), None)
    if under_way:
        return under_way
    permit = may_start_attempt(enrolment, attempts, at)
    if not permit.allowed:
        raise NoMoreAttempts(permit)
    return _begin(enrolment, len(attempts) + 1, at)


def _begin(enrolment: Enrolment, number: int, at: datetime) -> Attempt:
    version = enrolment.course.current
    assert version is not None  # noqa: S101 - the permit has looked
    attempt: Attempt = Attempt.objects.create(
        enrolment=enrolment, version=version, number=number, question_ids=_drawn(version), started_at=at
    )
    audit.record(by=enrolment.person, verb="training.start_attempt", on=attempt, details={"version": version.pk})
    return attempt


def _drawn(version: CourseVersion) -> list[int]:
    """Scenarios come last: they ask for what the other questions have called to mind."""
    rows = list(version.questions.values_list("pk", "kind"))
    random.Random(randbits(64)).shuffle(rows)  # noqa: S311 - an order, no secret
    return [pk for pk, kind in sorted(rows, key=lambda row: row[1] == Question.Kind.SCENARIO)]


@transaction.atomic
def answer(*, attempt: Attempt, number: int, choice_ids: Collection[int], at: datetime) -> Item:
    """Keep the answer to a question, or the next move of a scenario; the first one given stands.

    Raises NotAnOption. Returns the question as it is now, also when it had been answered before.
    """
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    item = items_of(locked)[number - 1]
    if item.is_answered or locked.is_submitted:
        return item
    chosen = [choice for choice in item.choices if choice.pk in set(choice_ids)]
    if len(chosen) != len(set(choice_ids)) or not _is_enough(item, chosen):
        raise NotAnOption
    Answer.objects.create(
        attempt=locked,
        question=item.question,
        step=item.step,
        choice_ids=[choice.pk for choice in chosen],
        is_right=_is_right(item, chosen),
        given_at=at,
    )
    return items_of(locked)[number - 1]


def _is_enough(item: Item, chosen: Collection[Choice]) -> bool:
    return bool(chosen) if item.question.kind == Question.Kind.MULTIPLE else len(chosen) == 1


def _is_right(item: Item, chosen: Collection[Choice]) -> bool:
    """All of the right ones and none of the others; in a scenario, this move."""
    if item.question.is_scenario:
        return all(choice.is_right for choice in chosen)
    return {choice.pk for choice in chosen} == {choice.pk for choice in item.right_choices}


@transaction.atomic
def submit(*, by: User, attempt: Attempt, at: datetime) -> Attempt:
    """Handing in twice is handing in once. Raises Unanswered with the first question that is open."""
    locked: Attempt = Attempt.objects.whole().select_for_update(of=("self",)).get(pk=attempt.pk)
    if locked.is_submitted:
        return locked
    items = items_of(locked)
    missing = first_unanswered(items)
    if missing:
        raise Unanswered(missing)
    locked.submitted_at = at
    locked.score = score_in_per_cent([item.points for item in items])
    locked.passed = locked.score >= locked.version.pass_mark
    locked.save(update_fields=["submitted_at", "score", "passed"])
    audit.record(
        by=by, verb="training.submit", on=locked, details={"score": str(locked.score), "passed": locked.passed}
    )
    if locked.passed:
        complete(enrolment=locked.enrolment, version=locked.version, score=locked.score, at=at)
    return locked
