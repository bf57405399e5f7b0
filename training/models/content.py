"""What a version of a course is made of: modules, lessons and questions. HTML is made when a text is saved."""

import re
from pathlib import PurePosixPath
from typing import ClassVar, Self
from uuid import uuid4

from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from training.models.courses import CourseVersion

CLAUSE_ADDRESS = re.compile(r"/policies/[a-z0-9-]+/(#[A-Za-z0-9._-]+)?")


def video_name(_lesson: "Lesson", uploaded: str) -> str:
    """Nothing of the name on somebody's own computer, which may say who is to be seen."""
    return f"training/videos/{uuid4().hex}{PurePosixPath(uploaded).suffix.lower()}"


clause_validator = RegexValidator(
    re.compile(rf"^{CLAUSE_ADDRESS.pattern}$"), _("Write it as /policies/NAME-OF-POLICY/#CLAUSE.")
)


class Module(models.Model):
    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="modules")
    title = models.CharField(_("title"), max_length=160)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="module_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.title


class LessonQuerySet(models.QuerySet["Lesson"]):
    def in_force(self) -> Self:
        """Of the versions that people see now."""
        return self.filter(version=F("version__course__current"))


class Lesson(models.Model):
    """A page of text, or a video with captions and a transcript. The slug is the same in every version."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        VIDEO = "video", _("Video")

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="lessons")
    module = models.ForeignKey(Module, models.CASCADE, related_name="lessons")
    slug = models.SlugField(_("address"), max_length=80)
    title = models.CharField(_("title"), max_length=160)
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    minutes = models.PositiveSmallIntegerField(
        _("minutes it takes"), default=5, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    text = models.TextField(_("text"), help_text=_("Markdown. Start headings inside the lesson with ##."))
    html = models.TextField(editable=False, blank=True)
    video = models.FileField(
        _("video file"),
        upload_to=video_name,
        max_length=200,
        blank=True,
        validators=[FileExtensionValidator(["mp4", "webm"])],
        help_text=_("MP4 or WebM, at most 200 MB."),
    )
    captions = models.TextField(_("captions"), blank=True, help_text=_("In WebVTT form, beginning with WEBVTT."))
    transcript = models.TextField(_("transcript"), blank=True, help_text=_("Everything that is said or shown."))
    transcript_html = models.TextField(editable=False, blank=True)

    objects: ClassVar[LessonQuerySet] = LessonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["module__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "slug"], name="lesson_slug_once"),
            models.UniqueConstraint(
                fields=["module", "position"], name="lesson_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=~Q(kind="video") | (~Q(video="") & ~Q(captions="") & ~Q(transcript="")),
                name="video_has_captions_and_transcript",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class QuestionQuerySet(models.QuerySet["Question"]):
    def with_choices(self) -> Self:
        return self.prefetch_related("choices", "steps__choices")


class Question(models.Model):
    """One item of the quiz. A scenario is a way through steps; the other kinds are a text with choices."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("One right answer")
        MULTIPLE = "multiple", _("Several right answers")
        TRUE_FALSE = "true_false", _("True or false")
        SCENARIO = "scenario", _("Scenario")

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.SINGLE)
    text = models.TextField(_("question"), help_text=_("Markdown. For a scenario: the situation it begins with."))
    html = models.TextField(editable=False, blank=True)
    explanation = models.TextField(_("explanation"), help_text=_("Why the right answer is right. Markdown."))
    explanation_html = models.TextField(editable=False, blank=True)
    clause_url = models.CharField(_("address of the clause"), max_length=200, blank=True, validators=[clause_validator])
    clause_label = models.CharField(_("name of the clause"), max_length=200, blank=True)
    lesson_slug = models.SlugField(_("lesson to look at again"), max_length=80, blank=True)

    objects: ClassVar[QuestionQuerySet] = QuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="question_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["single", "multiple", "true_false", "scenario"]), name="question_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_scenario(self) -> bool:
        return self.kind == self.Kind.SCENARIO


class Step(models.Model):
    """A moment in a scenario: what has happened, and what one may do now. Without choices the scenario ends there."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("what happens"), help_text=_("Markdown."))
    html = models.TextField(editable=False, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "position"], name="step_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.text[:60]}"


class Choice(models.Model):
    """An answer to a question, or a way on from a step of a scenario."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="choices")
    step = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="choices")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("answer"), max_length=400)
    is_right = models.BooleanField(_("right"), default=False)
    feedback = models.CharField(_("what to say to those who choose it"), max_length=500, blank=True)
    clause_url = models.CharField(_("address of the clause"), max_length=200, blank=True, validators=[clause_validator])
    clause_label = models.CharField(_("name of the clause"), max_length=200, blank=True)
    leads_to = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="reached_by")

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "step", "position"],
                nulls_distinct=False,
                name="choice_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(step=None, leads_to=None) | Q(step__isnull=False, leads_to__isnull=False),
                name="choice_of_a_step_leads_on",
            ),
        ]

    def __str__(self) -> str:
        return self.text
