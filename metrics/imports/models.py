"""Files that people hand in: kept as they came until their figures are in."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.channels.models import Channel
from coe_portal.people.access import Role
from coe_portal.people.models import User
from metrics.collection.models import Run


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, person: User) -> Self:
        """One's own, and a strategist's those into channels that the role reaches."""
        reach = person.access.reach(Role.STRATEGIST)
        return self if reach is None else self.filter(Q(by=person) | Q(channel__department__in=reach))


class Upload(models.Model):
    """An export file of a network, from the moment it is handed in."""

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("Not recognised")
        CHECKED = "checked", _("To confirm")
        WAITING = "waiting", _("Being imported")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Failed")
        DISCARDED = "discarded", _("Discarded")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.UNKNOWN: {State.DISCARDED},
        State.CHECKED: {State.WAITING, State.DISCARDED},
        State.WAITING: {State.DONE, State.FAILED},
        State.FAILED: {State.WAITING, State.DISCARDED},
        State.DONE: set(),
        State.DISCARDED: set(),
    }

    name = models.CharField(_("file name"), max_length=255)
    # The bytes as they came; emptied when the retention period of uploads is over, the hash stays.
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=40, blank=True)
    exported_on = models.DateField(_("exported on"))
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="uploads")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHECKED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    row_errors = models.JSONField(_("rows left out"), default=list)
    preview = models.JSONField(_("what the import would do"), default=dict)
    error = models.TextField(_("error"), blank=True)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="uploads")

    objects: ClassVar[Any] = UploadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-uploaded_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "sha256"], condition=Q(state__in=["waiting", "done"]), name="upload_imported_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("metrics:import", args=[self.pk])
