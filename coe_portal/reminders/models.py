from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LIMITS = [MinValueValidator(1), MaxValueValidator(180)]


class Thresholds(models.Model):
    """After how many days past due whom is told: one row for the organisation."""

    coordinator_after_days = models.PositiveSmallIntegerField(
        _("tell the coordinator after so many days"), default=7, validators=LIMITS
    )
    manager_after_days = models.PositiveSmallIntegerField(
        _("tell the manager after so many days"), default=14, validators=LIMITS
    )

    class Meta:
        verbose_name = _("thresholds of escalation")
        verbose_name_plural = _("thresholds of escalation")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_row_of_thresholds"),
            models.CheckConstraint(
                condition=Q(coordinator_after_days__gte=1, manager_after_days__gte=1), name="thresholds_from_one_day"
            ),
        ]

    def __str__(self) -> str:
        return f"coordinator {self.coordinator_after_days}, manager {self.manager_after_days}"


class Reminder(models.Model):
    """A person was reminded of an obligation at a stage: once each, for ever.

    What a coordinator asks for is of no one obligation, so its key is empty and its stage names the day.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(_("obligation"), max_length=200, blank=True)
    stage = models.CharField(_("stage"), max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [models.UniqueConstraint(fields=["person", "key", "stage"], name="reminder_once")]
        indexes = [
            models.Index(fields=["person", "-sent_at"], name="reminder_latest"),
            models.Index(fields=["sent_at"], name="reminder_sent_at"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.stage} {self.key}"
