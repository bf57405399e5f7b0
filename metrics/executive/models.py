"""What is asked of executives and what they decided, and months that were sealed as they were."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Reach, within
from coe_portal.people.models import Department, User


class AskQuerySet(models.QuerySet["Ask"]):
    def of(self, reach: Reach) -> Self:
        return within(self, reach)

    def open(self) -> Self:
        return self.filter(decision="")

    def decided(self) -> Self:
        return self.exclude(decision="")


class Ask(models.Model):
    """Something executives are asked to decide. The decision and its reason stay for ever."""

    class Decision(models.TextChoices):
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    title = models.CharField(_("what we ask"), max_length=200)
    reason = models.TextField(_("why"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for"),
        help_text=_("Leave empty what the executives of the whole organisation decide."),
    )
    amount = models.DecimalField(_("amount a year"), max_digits=12, decimal_places=2, null=True, blank=True)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    asked_on = models.DateField(_("asked on"))
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.TextField(_("why it was decided so"), blank=True)
    is_demo = models.BooleanField(_("demo data"), default=False)

    objects: ClassVar[Any] = AskQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (
                    Q(decision__in=["granted", "refused"], decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision_reason="")
                ),
                name="ask_decision_complete",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Snapshot(models.Model):
    """The figures of a month as they were when somebody sealed them, with the hash of exactly what was sealed."""

    month = models.DateField(_("month"), unique=True)
    figures = models.JSONField(_("figures"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    sealed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(_("sealed"))
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        ordering = ["month"]
        constraints = [models.CheckConstraint(condition=Q(month=TruncMonth("month")), name="snapshot_is_of_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
