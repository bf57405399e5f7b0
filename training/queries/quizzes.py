"""An attempt with its questions, the answers given and the way taken through each scenario."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from coe_portal.people.models import User
from coe_portal.search.models import SearchDocument
from training.models import Answer, Attempt, Choice, Enrolment, Question, Step


@dataclass(frozen=True)
class Move:
    """One step of a scenario that has been answered."""

    step: Step
    choice: Choice


@dataclass(frozen=True)
class Item:
    """A question of an attempt: `number` counts from 1, `choices` are in the order of this attempt."""

    number: int
    question: Question
    choices: tuple[Choice, ...]
    chosen: frozenset[int]
    is_right: bool
    moves: tuple[Move, ...]
    step: Step | None

    @property
    def is_answered(self) -> bool:
        """A scenario is answered when its way has come to a step without choices."""
        if not self.question.is_scenario:
            return bool(self.chosen)
        return self.step is not None and not self.choices

    @property
    def points(self) -> Decimal:
        if not self.question.is_scenario:
            return Decimal(self.is_right)
        return Decimal(self.right_moves) / len(self.moves) if self.moves else Decimal(0)

    @property
    def right_moves(self) -> int:
        return sum(move.choice.is_right for move in self.moves)

    @property
    def is_wholly_right(self) -> bool:
        return self.points == 1

    @property
    def chosen_choices(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.pk in self.chosen]

    @property
    def is_partly_right(self) -> bool:
        """Of several right ones, some were chosen and no wrong one, or wrong ones beside."""
        return any(choice.is_right for choice in self.chosen_choices)

    @property
    def right_choices(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.is_right]


def items_of(attempt: Attempt) -> list[Item]:
    """All questions in the order of the attempt; five queries."""
    return items_with(attempt, attempt.answers.all())


def items_with(attempt: Attempt, answers: Iterable[Answer]) -> list[Item]:
    questions = {each.pk: each for each in Question.objects.with_choices().filter(pk__in=attempt.question_ids)}
    given: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        given[answer.question_id].append(answer)
    return [
        _item(attempt, number, questions[question_id], given[question_id])
        for number, question_id in enumerate(attempt.question_ids, start=1)
    ]


def _item(attempt: Attempt, number: int, question: Question, answers: Sequence[Answer]) -> Item:
    if question.is_scenario:
        moves, step = _way(question, answers)
        choices = _shuffled(attempt, question, step.choices.all()) if step else ()
        return Item(number, question, choices, frozenset(), is_right=False, moves=moves, step=step)
    answer = answers[0] if answers else None
    return Item(
        number,
        question,
        _shuffled(attempt, question, question.choices.all()),
        frozenset(answer.choice_ids if answer else ()),
        is_right=bool(answer and answer.is_right),
        moves=(),
        step=None,
    )


def _way(question: Question, answers: Sequence[Answer]) -> tuple[tuple[Move, ...], Step | None]:
    """Follow the answers from the first step to the one where the person stands."""
    steps = {step.pk: step for step in question.steps.all()}
    chosen = {answer.step_id: answer.choice_ids[0] for answer in answers}
    moves: list[Move] = []
    step = next(iter(steps.values()), None)
    while step is not None and step.pk in chosen and len(moves) <= len(steps):
        choice = next(each for each in step.choices.all() if each.pk == chosen[step.pk])
        moves.append(Move(step, choice))
        step = steps.get(choice.leads_to_id or 0)
    return tuple(moves), step


def _shuffled(attempt: Attempt, question: Question, offered: Iterable[Choice]) -> tuple[Choice, ...]:
    """Drawn from the ids, so that the order is the same whenever this attempt is looked at."""
    choices = list(offered)
    if question.kind != Question.Kind.TRUE_FALSE:
        random.Random(f"{attempt.pk}:{question.pk}").shuffle(choices)  # noqa: S311 - an order, no secret
    return tuple(choices)


def first_unanswered(items: Iterable[Item]) -> Item | None:
    return next((item for item in items if not item.is_answered), None)


def attempts_of(enrolment: Enrolment) -> list[Attempt]:
    return list(enrolment.attempts.order_by("number"))


@dataclass(frozen=True)
class Clause:
    """Where a policy says it. Without a `text` the reader may not open it, or it is there no longer: then no link."""

    url: str
    label: str
    text: str = ""


def clauses(person: User, named: Iterable[tuple[str, str]]) -> Mapping[str, Clause]:
    """By address, the clauses with their present words, as the search index has them for this person."""
    labels = {url: label for url, label in named if url}
    found = (
        SearchDocument.objects.visible_to(person).filter(url__in=labels) if labels else SearchDocument.objects.none()
    )
    documents = {document.url: document for document in found}
    return {
        url: Clause(
            url=url,
            label=label or (documents[url].title if url in documents else url),
            text=(documents[url].lead or documents[url].title) if url in documents else "",
        )
        for url, label in labels.items()
    }
