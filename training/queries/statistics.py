"""How the questions of a version do: the share that gets them right, and what the others choose."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Avg, Count, Q

from training.models import Answer, Attempt, Choice, CourseVersion, Question

# Below this many answers a share says more about chance than about the question.
ENOUGH_ANSWERS = 10


@dataclass(frozen=True)
class QuestionFigures:
    """Of a scenario, every move counts as an answer."""

    question: Question
    answers: int
    right: int
    wrong_choice: Choice | None
    wrong_times: int

    @property
    def share_right(self) -> int | None:
        """In per cent; None where too few have answered."""
        return round(100 * self.right / self.answers) if self.answers >= ENOUGH_ANSWERS else None

    @property
    def is_hard(self) -> bool:
        return self.share_right is not None and self.share_right < 60

    @property
    def wrong_share(self) -> int:
        return round(100 * self.wrong_times / self.answers) if self.answers else 0


@dataclass(frozen=True)
class QuizFigures:
    attempts: int
    passed: int
    mean: float | None

    @property
    def share_passed(self) -> int | None:
        return round(100 * self.passed / self.attempts) if self.attempts else None


def quiz_figures(version: CourseVersion) -> QuizFigures:
    return QuizFigures(
        **Attempt.objects.submitted()
        .filter(version=version)
        .aggregate(attempts=Count("pk"), passed=Count("pk", filter=Q(passed=True)), mean=Avg("score"))
    )


def question_figures(version: CourseVersion) -> list[QuestionFigures]:
    """Four queries; answers of attempts that were never handed in count too."""
    questions = list(version.questions.all())
    counted = (
        Answer.objects.filter(question__version=version)
        .values("question_id")
        .annotate(answers=Count("pk"), right=Count("pk", filter=Q(is_right=True)))
        .values_list("question_id", "answers", "right")
    )
    counts = {question_id: (answers, right) for question_id, answers, right in counted}
    wrong = _most_chosen_wrong(version)
    return [_figures(each, counts.get(each.pk, (0, 0)), wrong.get(each.pk)) for each in questions]


def _figures(question: Question, counts: tuple[int, int], wrong: tuple[Choice, int] | None) -> QuestionFigures:
    choice, times = wrong or (None, 0)
    return QuestionFigures(question, *counts, choice, times)


def _most_chosen_wrong(version: CourseVersion) -> dict[int, tuple[Choice, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT choice_id, count(*)
            FROM training_answer AS answer
            JOIN training_question AS question ON question.id = answer.question_id
            CROSS JOIN LATERAL unnest(answer.choice_ids) AS choice_id
            WHERE question.version_id = %s
            GROUP BY choice_id
            """,
            [version.pk],
        )
        times = dict(cursor.fetchall())
    found: dict[int, tuple[Choice, int]] = {}
    for choice in Choice.objects.filter(question__version=version, is_right=False, pk__in=times):
        known = found.get(choice.question_id)
        if known is None or known[1] < times[choice.pk]:
            found[choice.question_id] = (choice, times[choice.pk])
    return found
