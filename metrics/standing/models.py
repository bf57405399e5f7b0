"""Rounds of the questionnaire, the answers given in them, and other organisations to compare with."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import User


class RoundQuerySet(models.QuerySet["Round"]):
    def open_on(self, day: date) -> Self:
        return self.filter(opens__lte=day, closes__gte=day)


class Round(models.Model):
    """A period in which the raters answer; the next one usually follows a year later."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    opens = models.DateField(_("opens"))
    closes = models.DateField(_("closes"))
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    is_demo = models.BooleanField(_("demo data"), default=False)

    objects: ClassVar[Any] = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(closes__gte=F("opens")), name="round_period_in_order")]

    def __str__(self) -> str:
        return self.name


class Rating(models.Model):
    """One person's answers, kept as given. Answering again adds a row; the newest in a round counts."""

    class Group(models.TextChoices):
        EXECUTIVE = "executive", _("Executives")
        STRATEGIST = "strategist", _("Strategists")
        COORDINATOR = "coordinator", _("Coordinators")

    round = models.ForeignKey(Round, models.PROTECT, related_name="ratings")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    group = models.CharField(_("group"), max_length=20, choices=Group.choices)
    at = models.DateTimeField(_("answered"))
    answers = models.JSONField(_("answers"))

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["round", "person", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(group__in=["executive", "strategist", "coordinator"]), name="rating_group_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} in {self.round_id}"


class Comparator(models.Model):
    """Another organisation, as far as it is known; a row without a date checked has not been verified."""

    name = models.CharField(_("organisation"), max_length=200, unique=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    team = models.PositiveIntegerField(_("people who make content"), null=True, blank=True)
    model = models.CharField(_("model"), max_length=20, blank=True)
    moving_to = models.CharField(_("moving towards"), max_length=20, blank=True)
    note = models.TextField(_("what to learn from it"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def employees_a_person(self) -> int | None:
        """How many employees there are for each person who makes content."""
        return round(self.employees / self.team) if self.employees and self.team else None
