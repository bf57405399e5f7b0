from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class QueuedJobQuerySet(models.QuerySet["QueuedJob"]):
    def waiting(self) -> Self:
        return self.filter(state=QueuedJob.State.WAITING)

    def due(self, at: datetime) -> Self:
        return self.waiting().filter(due_at__lte=at)

    def unsent_since(self, at: datetime) -> Self:
        return self.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=at))

    def parked(self) -> Self:
        return self.filter(state=QueuedJob.State.PARKED)


class QueuedJob(models.Model):
    """A job that must happen once: a row before there is a message, and the truth about what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        PARKED = "parked", _("Parked")

    name = models.CharField(_("job"), max_length=100)
    arguments = models.JSONField(_("arguments"), default=dict)
    # NULL where a job may happen any number of times: unique keys never clash on it.
    key = models.CharField(_("key"), max_length=200, null=True, unique=True)  # noqa: DJ001
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    due_at = models.DateTimeField(_("due"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = QueuedJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("queued job")
        verbose_name_plural = _("queued jobs")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="outbox_waiting"),
            models.Index(fields=["-finished_at"], condition=Q(state="parked"), name="outbox_parked"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["waiting", "done", "parked"]), name="queued_job_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk} {self.state}"
