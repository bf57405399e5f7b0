"""How far the news of an announcement has got."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coe_portal.announcements.models.announcement import Announcement
from coe_portal.notifications.models import Mail


class Cause(models.TextChoices):
    PUBLISHED = "published", _("Published")
    WIDENED = "widened", _("Audience changed")
    ASKED_AGAIN = "asked_again", _("Asked to confirm again")
    REMINDER = "reminder", _("Reminder to those who have not confirmed")


class Sending(models.Model):
    """One round of telling people, in parts: everybody up to `reached` has been told, nobody after."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="sendings")
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    key = models.CharField(_("key"), max_length=100, unique=True)
    # Nobody is told twice under the same name, in whatever round.
    told_as = models.CharField(_("told as"), max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    mail = models.CharField(_("mail"), max_length=10, choices=Mail.choices)
    department_ids: "models.JSONField[Any, Any]" = models.JSONField(_("departments"), null=True)
    total = models.PositiveIntegerField(_("people"), default=0)
    told = models.PositiveIntegerField(_("told"), default=0)
    reached = models.BigIntegerField(_("told up to person"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True)

    class Meta:
        verbose_name = _("sending of an announcement")
        verbose_name_plural = _("sendings of announcements")
        indexes = [models.Index(fields=["announcement", "-started_at"], name="announcement_sendings")]

    def __str__(self) -> str:
        return f"{self.key}: {self.told} of {self.total}"

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None or self.stopped_at is not None

    @property
    def job_key(self) -> str:
        """Of the job that tells the next part."""
        return f"announcements.send:{self.pk}:{self.reached}"
