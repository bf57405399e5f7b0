"""Programmes, courses and the versions of a course."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import Audience, User


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> Self:
        return self.filter(current__isnull=False).select_related("current")

    def visible_to(self, person: User) -> Self:
        """Courses that the person may open: published, and for an audience they belong to."""
        return self.published().filter(audience_id__in=person.access.audience_ids)

    def for_licence(self) -> Self:
        return self.published().filter(required_for_licence=True)


class Course(models.Model):
    """What stays the same over all versions of a course: its address and whom it is for."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    audience = models.ForeignKey(Audience, models.PROTECT, verbose_name=_("audience"), related_name="+")
    required_for_licence = models.BooleanField(_("needed for the licence to post"), default=False)
    current = models.OneToOneField("CourseVersion", models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[CourseQuerySet] = CourseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("training:course", args=[self.slug])

    @property
    def title(self) -> str:
        """Of the version that people see now; the address of a course that was never published."""
        return self.current.title if self.current else self.slug


class CourseVersionQuerySet(models.QuerySet["CourseVersion"]):
    def drafts(self) -> Self:
        return self.filter(published_at__isnull=True)

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class CourseVersion(models.Model):
    """One edition of a course: its texts, its questions and the rules of its quiz. Published, it never changes."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("summary"), max_length=300, help_text=_("One or two sentences for lists and search."))
    outcomes = models.TextField(_("what you will be able to do"), help_text=_("One outcome a line."))
    in_order = models.BooleanField(_("lessons in order, quiz at the end"), default=False)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark in per cent"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"), null=True, blank=True, help_text=_("Empty: as many as it takes.")
    )
    cool_down_hours = models.PositiveSmallIntegerField(
        _("hours between attempts"), default=0, validators=[MaxValueValidator(24 * 30)]
    )
    valid_months = models.PositiveSmallIntegerField(
        _("months a certificate is valid"), null=True, blank=True, help_text=_("Empty: it does not expire.")
    )
    change_note = models.CharField(_("what is new in this version"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects: ClassVar[CourseVersionQuerySet] = CourseVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("course version")
        verbose_name_plural = _("course versions")
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="course_version_number_once"),
            models.UniqueConstraint(fields=["course"], condition=Q(published_at=None), name="course_one_draft"),
            models.CheckConstraint(condition=Q(pass_mark__range=(1, 100)), name="course_pass_mark_per_cent"),
            models.CheckConstraint(
                condition=Q(attempts_allowed=None) | Q(attempts_allowed__gt=0), name="course_attempts_positive"
            ),
            models.CheckConstraint(
                condition=Q(valid_months=None) | Q(valid_months__gt=0), name="course_valid_months_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def outcome_lines(self) -> list[str]:
        return [line.strip() for line in self.outcomes.splitlines() if line.strip()]


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(audience_id__in=person.access.audience_ids)


class Programme(models.Model):
    """Courses in an order that makes sense for one kind of people."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("summary"), max_length=300)
    for_whom = models.CharField(_("for whom"), max_length=200)
    audience = models.ForeignKey(Audience, models.PROTECT, verbose_name=_("audience"), related_name="+")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    courses = models.ManyToManyField(Course, through="ProgrammeCourse", related_name="programmes")

    objects: ClassVar[ProgrammeQuerySet] = ProgrammeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training:programme", args=[self.slug])


class ProgrammeCourse(models.Model):
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="places")
    course = models.ForeignKey(Course, models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "course"], name="programme_course_once"),
            models.UniqueConstraint(
                fields=["programme", "position"], name="programme_position_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} of programme {self.programme_id}"
