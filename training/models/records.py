"""Who is to learn what by when, how far they are, and what they have proven. Completions are kept for ever."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import Audience, AudienceMember, PersonQuerySet, User
from training.models.courses import Course, CourseVersion

DUE_SOON = timedelta(days=30)


class Assignment(models.Model):
    """A strategist's order to enrol everybody of an audience; a job carries it out.

    With `for_joiners` it stands: who joins the audience later is enrolled too, with `joiner_days` from that day.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="assignments")
    audience = models.ForeignKey(Audience, models.PROTECT, verbose_name=_("audience"), related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    due_on = models.DateField(_("due"), null=True, blank=True)
    for_joiners = models.BooleanField(_("also for who joins later"), default=False)
    joiner_days = models.PositiveSmallIntegerField(_("days for who joins later"), default=30)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(_("ordered"), auto_now_add=True)
    carried_out_at = models.DateTimeField(_("carried out"), null=True)
    enrolled = models.PositiveIntegerField(_("people enrolled"), null=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-ordered_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(carried_out_at=None, enrolled=None)
                | Q(carried_out_at__isnull=False, enrolled__isnull=False),
                name="assignment_carried_out_with_count",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id} for {self.audience_id}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def open(self) -> Self:
        return self.filter(completed_at__isnull=True, withdrawn_at__isnull=True)

    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def seen_by(self, people: PersonQuerySet) -> Self:
        return self.filter(person__in=people.active().values("pk"))

    def owed(self) -> Self:
        """Open, and the course is still one that the person may open."""
        member = AudienceMember.objects.filter(person=OuterRef("person"), audience=OuterRef("course__audience"))
        return self.open().filter(Exists(member))

    def in_time(self) -> Self:
        return self.filter(completed_at__isnull=False).filter(Q(due_on=None) | Q(completed_at__date__lte=F("due_on")))

    def overdue(self, on: date) -> Self:
        return self.open().filter(due_on__lt=on)

    def due_soon(self, on: date) -> Self:
        return self.open().filter(due_on__range=(on, on + DUE_SOON))


class Enrolment(models.Model):
    """A person takes a course, for a reason. There is one open enrolment a person and course."""

    class Source(models.TextChoices):
        SELF = "self", _("Chose it themselves")
        ASSIGNED = "assigned", _("Assigned")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    reason = models.CharField(_("reason"), max_length=200)
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="enrolments")
    enrolled_at = models.DateTimeField(_("enrolled"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    extra_attempts = models.PositiveSmallIntegerField(_("attempts allowed on top"), default=0)
    completed_at = models.DateTimeField(_("completed"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects: ClassVar[EnrolmentQuerySet] = EnrolmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=Q(completed_at=None, withdrawn_at=None),
                name="enrolment_one_open",
            ),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(withdrawn_at=None), name="enrolment_completed_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(source="self", assignment=None) | Q(source="assigned"), name="enrolment_self_unassigned"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-enrolled_at"]),
            models.Index(
                fields=["due_on", "id"], condition=Q(completed_at=None, withdrawn_at=None), name="enrolment_open_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.course_id}"

    @property
    def is_open(self) -> bool:
        return self.completed_at is None and self.withdrawn_at is None


class LessonDone(models.Model):
    """By the lesson's address, so that progress survives a new version of the course."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="lessons_done")
    lesson_slug = models.SlugField(_("lesson"), max_length=80)
    done_at = models.DateTimeField(_("done"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson_slug"], name="lesson_done_once")]

    def __str__(self) -> str:
        return f"{self.lesson_slug} by {self.enrolment_id}"


class CompletionQuerySet(models.QuerySet["Completion"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(person=person)

    def valid_on(self, day: date) -> Self:
        """Proven, not expired, and the certificate not revoked."""
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day), certificate__revoked_at__isnull=True, completed_on__lte=day
        )


class Completion(models.Model):
    """A course passed: which version, when, how well, and until when it counts. The database refuses to remove one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="completions")
    course = models.ForeignKey(Course, models.PROTECT, related_name="completions")
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="completions")
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="completion")
    completed_at = models.DateTimeField(_("completed"))
    completed_on = models.DateField(_("day of completion"))
    score = models.DecimalField(_("score in per cent"), max_digits=5, decimal_places=2)
    valid_until = models.DateField(_("valid until"), null=True)

    objects: ClassVar[CompletionQuerySet] = CompletionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(0, 100)), name="completion_score_per_cent"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("completed_on")), name="completion_period_in_order"
            ),
        ]
        indexes = [models.Index(fields=["person", "course", "-completed_at"])]

    def __str__(self) -> str:
        return f"{self.person_id} completed {self.course_id}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(completion__person=person)

    def whole(self) -> Self:
        return self.select_related("completion__course", "completion__version", "completion__person")


class Certificate(models.Model):
    """What a completion is shown with. Name and title are as they were on the day."""

    completion = models.OneToOneField(Completion, models.PROTECT, related_name="certificate")
    code = models.CharField(_("code"), max_length=40, unique=True)
    holder = models.CharField(_("name"), max_length=200)
    title = models.CharField(_("course"), max_length=160)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_because = models.CharField(_("why it was revoked"), max_length=200, blank=True)

    objects: ClassVar[CertificateQuerySet] = CertificateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoked_because="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_because="")),
                name="certificate_revoked_by_with_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.holder}"

    def get_absolute_url(self) -> str:
        return reverse("training:certificate", args=[self.code])

    def state_on(self, day: date) -> str:
        """ "valid", "expired" or "revoked"."""
        if self.revoked_at:
            return "revoked"
        until = self.completion.valid_until
        return "expired" if until and until < day else "valid"
