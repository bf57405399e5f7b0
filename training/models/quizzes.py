"""Attempts at a quiz and every answer, kept as it is given."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import User
from training.models.content import Question, Step
from training.models.courses import CourseVersion
from training.models.records import Enrolment


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(enrolment__person=person)

    def unfinished(self) -> Self:
        return self.filter(submitted_at__isnull=True)

    def submitted(self) -> Self:
        return self.filter(submitted_at__isnull=False)

    def whole(self) -> Self:
        return self.select_related("enrolment__course", "enrolment__person", "version")


class Attempt(models.Model):
    """One go at the quiz of one version. The order of the questions is drawn once and kept."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts")
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    question_ids = ArrayField(models.BigIntegerField(), verbose_name=_("questions in order"))
    started_at = models.DateTimeField(_("started"))
    submitted_at = models.DateTimeField(_("handed in"), null=True)
    score = models.DecimalField(_("score in per cent"), max_digits=5, decimal_places=2, null=True)
    passed = models.BooleanField(_("passed"), null=True)

    objects: ClassVar[AttemptQuerySet] = AttemptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(submitted_at=None), name="attempt_one_unfinished"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, score=None, passed=None)
                | Q(submitted_at__gte=F("started_at"), score__range=(0, 100), passed__isnull=False),
                name="attempt_submitted_with_score",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of enrolment {self.enrolment_id}"

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None


class Answer(models.Model):
    """What was chosen, once a question, or once a step that the way through a scenario passed."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    step = models.ForeignKey(Step, models.PROTECT, null=True, related_name="answers")
    choice_ids = ArrayField(models.BigIntegerField(), verbose_name=_("chosen"))
    is_right = models.BooleanField(_("right"))
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question", "step"], nulls_distinct=False, name="answer_once"),
            models.CheckConstraint(condition=~Q(choice_ids=[]), name="answer_chooses_something"),
        ]
        indexes = [models.Index(fields=["question", "is_right"])]

    def __str__(self) -> str:
        return f"{self.choice_ids} to question {self.question_id}"
