"""Holds, retention periods, exports, erasures and purges."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import User


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), released_at__isnull=True)


class LegalHold(models.Model):
    """What must not be deleted. A person, a kind of data, a period, or several: all that is set must fit."""

    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind of data"), max_length=60, blank=True)
    since = models.DateField(_("data from"), null=True, blank=True)
    until = models.DateField(_("data until"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(_("placed"))
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    objects: ClassVar[LegalHoldQuerySet] = LegalHoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(kind="") | Q(since__isnull=False) | Q(until__isnull=False),
                name="hold_covers_something",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="legal_hold_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="legal_hold_released_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"

    def is_in_force(self, on: date) -> bool:
        return self.released_at is None and (self.ends_on is None or self.ends_on > on)


class RetentionPeriod(models.Model):
    """Another number of days than the one that the portal came with."""

    key = models.CharField(_("kind of data"), max_length=60, unique=True)
    days = models.PositiveIntegerField(_("days"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        constraints = [models.CheckConstraint(condition=Q(days__gte=1), name="retention_one_day_at_least")]

    def __str__(self) -> str:
        return f"{self.key}: {self.days}"


class RetentionRun(models.Model):
    """What a night's removal did with one kind of data."""

    key = models.CharField(_("kind of data"), max_length=60)
    at = models.DateTimeField(_("at"))
    removed = models.PositiveIntegerField(_("removed"))

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        indexes = [models.Index(fields=["key", "-at"], name="retention_run_latest")]

    def __str__(self) -> str:
        return f"{self.key}: {self.removed}"


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(person=person)

    def ready(self, at: datetime) -> Self:
        return self.filter(state=DataExport.State.READY, expires_at__gt=at)


class DataExport(models.Model):
    """A person's own data in one file: asked for, made by a job, fetched once, deleted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being put together")
        READY = "ready", _("Ready")
        FETCHED = "fetched", _("Fetched")
        GONE = "gone", _("Deleted")

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(_("parts done"), default=0)
    parts = models.PositiveSmallIntegerField(_("parts"), default=0)
    file = models.CharField(_("file"), max_length=400, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    ready_at = models.DateTimeField(_("ready since"), null=True)
    expires_at = models.DateTimeField(_("can be fetched until"), null=True)
    fetched_at = models.DateTimeField(_("fetched"), null=True)

    objects: ClassVar[DataExportQuerySet] = DataExportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("export of own data")
        verbose_name_plural = _("exports of own data")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="waiting"), name="data_export_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "ready", "fetched", "gone"]), name="data_export_state_known"
            ),
        ]
        indexes = [models.Index(fields=["person", "-asked_at"], name="data_export_latest")]

    def __str__(self) -> str:
        return f"data export {self.pk}"


class Erasure(models.Model):
    """A person becomes a pseudonym. An administrator proposes, a privacy officer confirms: never the same person.

    Without `proposed_by` nobody asked: their time in the table of retention periods was over.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a privacy officer")
        WAITING = "waiting", _("Is being done")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Declined")

    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)
    answer = models.CharField(_("why it was declined"), max_length=300, blank=True)
    pseudonym = models.CharField(_("pseudonym"), max_length=40, blank=True)
    records = models.JSONField(_("what was done"), default=dict)
    failed = models.JSONField(_("where the name could not be replaced"), default=list)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="proposed"), name="erasure_proposed_once"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=["waiting", "done"]), name="erasure_done_once"
            ),
            models.UniqueConstraint(fields=["pseudonym"], condition=~Q(pseudonym=""), name="pseudonym_once"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["waiting", "done", "declined"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(state__in=["waiting", "done"], proposed_by__isnull=True, decided_at__isnull=False),
                name="erasure_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="erasure_done_has_time",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=False) | Q(decided_by__isnull=True), name="erasure_asked_or_due"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="erasure_by_four_eyes"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"

    @property
    def job_key(self) -> str:
        return f"privacy.erase:{self.pk}"


class SealedName(models.Model):
    """Whose pseudonym it is, encrypted, until the records under it are no longer needed."""

    erasure = models.OneToOneField(Erasure, models.PROTECT, related_name="sealed_name")
    sealed = models.TextField(_("encrypted name"))
    # The last day of the employment: the period that the name is kept for begins there.
    counts_from = models.DateField(_("counts from"))

    class Meta:
        verbose_name = _("sealed name")
        verbose_name_plural = _("sealed names")
        indexes = [models.Index(fields=["counts_from"], name="sealed_name_oldest")]

    def __str__(self) -> str:
        return f"sealed name {self.pk}"


class Purge(models.Model):
    """A text with patient information was removed everywhere. What it said is not kept."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Under way")
        DONE = "done", _("Done")

    class Reason(models.TextChoices):
        PHI = "phi", _("Patient information")
        THIRD = "third", _("Private data of somebody else")
        ORDER = "order", _("A court or an authority orders it")

    kind = models.CharField(_("kind of text"), max_length=30)
    object_id = models.BigIntegerField(_("text"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, default=Reason.PHI)
    # The words that must not remain, encrypted; empty once they are gone.
    sealed_words = models.TextField(_("encrypted words"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    done_at = models.DateTimeField(_("done"), null=True)
    found = models.JSONField(_("where it was"), default=dict)
    failed = models.JSONField(_("where it could not be removed"), default=list)

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", done_at__isnull=True)
                | Q(state="done", done_at__isnull=False, sealed_words=""),
                name="purge_done_keeps_no_words",
            )
        ]
        indexes = [models.Index(fields=["-asked_at"], name="purge_latest")]

    def __str__(self) -> str:
        return f"purge {self.pk}"
