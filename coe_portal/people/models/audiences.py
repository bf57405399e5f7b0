"""Saved rules that say whom something is for, whom they hit and since when, and how they were changed."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import today
from coe_portal.people.models.people import User
from coe_portal.people.rules import Rule, no_rule, stored_rule


class AudienceQuerySet(models.QuerySet["Audience"]):
    def everyone(self) -> "Audience":
        return self.get(is_everyone=True)

    def with_sizes(self) -> Self:
        """Each with `size`, the people in it now."""
        members = AudienceMember.objects.filter(audience=models.OuterRef("pk")).order_by().values("audience")
        counted = members.annotate(number=models.Count("pk")).values("number")
        return self.annotate(size=Coalesce(models.Subquery(counted), 0))


class Audience(models.Model):
    """A saved rule that says whom something is for. See people.rules for what a rule may say."""

    size: int  # where the queryset was asked for sizes

    name = models.CharField(_("name"), max_length=200, unique=True)
    rule = models.JSONField(_("rule"), default=no_rule)
    is_everyone = models.BooleanField(default=False, editable=False)
    edition = models.PositiveIntegerField(default=0, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    people = models.ManyToManyField(User, through="AudienceMember", related_name="audiences")

    objects: ClassVar[Any] = AudienceQuerySet.as_manager()

    class Meta:
        ordering = ["-is_everyone", "name"]
        constraints = [
            models.UniqueConstraint(fields=["is_everyone"], condition=Q(is_everyone=True), name="one_everyone")
        ]

    def __str__(self) -> str:
        """What readers see: the portal made Everyone, so its name is in their language."""
        return gettext("Everyone") if self.is_everyone else self.name

    @property
    def parsed(self) -> Rule:
        return stored_rule(self.rule)


class AudienceMember(models.Model):
    """Who is in an audience now, since when. Who is no longer has a row among the past members instead."""

    audience = models.ForeignKey(Audience, models.CASCADE, db_index=False)
    person = models.ForeignKey(User, models.CASCADE, db_index=False)
    joined_on = models.DateField(_("joined"), default=today, db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "audience"], name="audience_member_once")]
        indexes = [models.Index(fields=["audience", "joined_on"], name="audience_member_joined")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.audience_id}"


class PastMemberQuerySet(models.QuerySet["PastMember"]):
    def on(self, day: date) -> Self:
        return self.filter(joined_on__lte=day, left_on__gt=day)


class PastMember(models.Model):
    """Who was in an audience from `joined_on` until the day before `left_on`."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="past_members", db_index=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="past_audiences")
    joined_on = models.DateField(_("joined"))
    left_on = models.DateField(_("left"))

    objects: ClassVar[Any] = PastMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(left_on__gt=F("joined_on")), name="past_member_period_in_order")
        ]
        indexes = [
            models.Index(fields=["audience", "left_on"], name="past_member_left"),
            models.Index(fields=["audience", "joined_on"], name="past_member_joined"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.audience_id} until {self.left_on}"


class EarlierAudience(models.Model):
    """Whom a thing of another app was for, until it was given another audience.

    Written by the database whenever `audience_id` changes in a table that keeps_earlier_audiences names, so that no way
    of writing it can be forgotten.
    """

    thing = models.CharField(max_length=63)  # the table of its model
    object_id = models.BigIntegerField()
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+", db_index=False)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["thing", "until"], name="earlier_audience")]

    def __str__(self) -> str:
        return f"{self.thing} {self.object_id}: {self.audience_id} until {self.until}"


class AudienceVersion(models.Model):
    """A rule as it was from a moment on, until the next version."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    rule = models.JSONField(_("rule"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("saved"))
    joined = models.PositiveIntegerField(_("joined"), default=0)
    left = models.PositiveIntegerField(_("left"), default=0)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["audience", "number"], name="audience_version_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class AudienceRun(models.Model):
    """The audiences were worked out again: by themselves each morning, or because a rule was saved."""

    on = models.DateField(_("day"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    is_daily = models.BooleanField(_("the run of the day"), default=False)
    audiences = models.PositiveIntegerField(_("audiences"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["on"], condition=Q(is_daily=True), name="audience_run_once_a_day")
        ]
        indexes = [models.Index(fields=["-at"], name="audience_run_newest")]

    def __str__(self) -> str:
        return f"{self.on}"


class AudienceChange(models.Model):
    """What a run changed in one audience; one that failed kept the people it had.

    The names are those of its members, past and present, by their days.
    """

    run = models.ForeignKey(AudienceRun, models.CASCADE, related_name="changes", db_index=False)
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="+")
    joined = models.PositiveIntegerField(_("joined"))
    left = models.PositiveIntegerField(_("left"))
    failed = models.BooleanField(_("could not be worked out"), default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "audience"], name="audience_change_once"),
            models.CheckConstraint(condition=Q(failed=False) | Q(joined=0, left=0), name="audience_failed_unchanged"),
        ]

    def __str__(self) -> str:
        return f"{self.audience_id}: {self.joined} joined, {self.left} left"


class AudienceReader(models.Model):
    """Somebody who asked to be told each morning what changed in the audiences."""

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"), auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.person_id}"
