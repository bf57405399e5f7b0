"""What we did, what it cost, what came of it and what finance says that is worth.

Only totals are kept: an outcome is a number a month, never a row about a patient.
"""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.channels.models import Network
from coe_portal.people.access import Reach, within
from coe_portal.people.models import Department, User

NOT_NEGATIVE = MinValueValidator(Decimal(0))


class Recorded(models.Model):
    """Who entered a row, when, and whether the demo made it up."""

    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("entered"), auto_now_add=True)
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta:
        abstract = True


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def of(self, reach: Reach) -> Self:
        return within(self, reach)


class Campaign(Recorded):
    """Something we set out to achieve in a period; its slug is the campaign word of tracked links."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("word in links"), max_length=60, unique=True)
    purpose = models.TextField(_("purpose"), blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"), null=True, blank=True)

    objects: ClassVar[Any] = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-starts", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="campaign_period_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("metrics:campaign", args=[self.pk])


class ActivityQuerySet(models.QuerySet["Activity"]):
    def between(self, start: date, end: date) -> Self:
        return self.filter(day__gte=start, day__lte=end)

    def of(self, reach: Reach) -> Self:
        """Work for no campaign, or for one of the whole organisation, belongs to no branch."""
        return within(self, reach, "campaign__department")


class Activity(Recorded):
    """Work and money that went into something. A part of the cost that nobody knows stays empty, not zero."""

    class Kind(models.TextChoices):
        CONTENT = "content", _("Content")
        ADVERTISING = "advertising", _("Advertising")
        COMMUNITY = "community", _("Answering and moderating")
        EVENT = "event", _("Event or live session")
        TRAINING = "training", _("Training")
        TOOLS = "tools", _("Tools")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("campaign")
    )
    name = models.CharField(_("what was done"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.CONTENT)
    day = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=8, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField(_("rate per hour"), max_digits=8, decimal_places=2, null=True, blank=True)
    media = models.DecimalField(_("paid media"), max_digits=12, decimal_places=2, null=True, blank=True)
    tools = models.DecimalField(_("tools and services"), max_digits=12, decimal_places=2, null=True, blank=True)

    objects: ClassVar[Any] = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["day"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gte=0) & Q(rate__gte=0) & Q(media__gte=0) & Q(tools__gte=0),
                name="activity_costs_not_negative",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def work(self) -> Decimal | None:
        """Hours times rate; None while either is unknown."""
        return None if self.hours is None or self.rate is None else self.hours * self.rate

    @property
    def cost(self) -> Decimal | None:
        """None while any part is unknown."""
        parts = [self.work, self.media, self.tools]
        return None if None in parts else sum((part for part in parts if part is not None), Decimal(0))


class OutcomeKind(models.TextChoices):
    APPOINTMENT = "appointment", _("Appointment requests")
    CALL = "call", _("Calls")
    SIGN_UP = "sign_up", _("Class sign-ups")
    REFERRAL = "referral", _("Referrals")
    APPLICANT = "applicant", _("Applicants")
    DONATION = "donation", _("Donations")


class AttributionRule(models.TextChoices):
    """Which contact gets the credit when somebody met us several times before acting."""

    LAST_TOUCH = "last_touch", _("Last touch")
    FIRST_TOUCH = "first_touch", _("First touch")
    LINEAR = "linear", _("Linear")
    POSITION = "position", _("Position based")


class DatedRuleQuerySet(models.QuerySet[Any]):
    def in_force(self, day: date) -> Self:
        """The newest rows that had begun by that day; the caller takes the first of each key."""
        return self.filter(starts__lte=day).order_by("-starts", "-pk")


class OutcomeValue(Recorded):
    """What finance agreed that one outcome of a kind is worth, from a day until the next agreement."""

    kind = models.CharField(_("outcome"), max_length=20, choices=OutcomeKind.choices)
    low = models.DecimalField(_("at least"), max_digits=12, decimal_places=2, validators=[NOT_NEGATIVE])
    likely = models.DecimalField(_("likely"), max_digits=12, decimal_places=2, validators=[NOT_NEGATIVE])
    high = models.DecimalField(_("at most"), max_digits=12, decimal_places=2, validators=[NOT_NEGATIVE])
    starts = models.DateField(_("valid from"))
    agreed_on = models.DateField(_("agreed on"))
    agreed_by = models.CharField(
        _("agreed by"), max_length=200, help_text=_("Name and position of the person in finance.")
    )
    basis = models.TextField(_("how it was worked out"))

    objects: ClassVar[Any] = DatedRuleQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-starts"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "starts"], name="outcome_value_once"),
            models.CheckConstraint(
                condition=Q(low__gte=0, likely__gte=F("low"), high__gte=F("likely")), name="outcome_value_in_order"
            ),
            models.CheckConstraint(condition=Q(kind__in=OutcomeKind.values), name="outcome_value_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.likely} from {self.starts}"


class OutcomeCountQuerySet(models.QuerySet["OutcomeCount"]):
    def current(self) -> Self:
        return self.filter(replaced_at__isnull=True)

    def between(self, start: date, end: date) -> Self:
        return self.filter(month__gte=start.replace(day=1), month__lte=end)

    def of(self, reach: Reach) -> Self:
        """What no campaign can claim belongs to no branch."""
        return within(self, reach, "campaign__department")


class OutcomeCount(Recorded):
    """How many outcomes of a kind a month brought by one rule. A correction is a new row; the old one is kept."""

    class Source(models.TextChoices):
        FORM = "form", _("Entered by hand")
        FILE = "file", _("Imported file")
        DEMO = "demo", _("Demo data")

    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcomes",
        verbose_name=_("campaign"),
        help_text=_("Leave empty for what no campaign can claim."),
    )
    network = models.CharField(_("network"), max_length=20, choices=Network.choices, blank=True)
    kind = models.CharField(_("outcome"), max_length=20, choices=OutcomeKind.choices)
    rule = models.CharField(_("attribution"), max_length=20, choices=AttributionRule.choices)
    month = models.DateField(_("month"))
    count = models.DecimalField(_("number"), max_digits=12, decimal_places=2, validators=[NOT_NEGATIVE])
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.FORM)
    source_note = models.CharField(_("where the number comes from"), max_length=200)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects: ClassVar[Any] = OutcomeCountQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "network", "kind", "rule", "month"],
                condition=Q(replaced_at__isnull=True),
                nulls_distinct=False,
                name="outcome_count_once",
            ),
            models.CheckConstraint(condition=Q(count__gte=0), name="outcome_count_not_negative"),
            models.CheckConstraint(condition=Q(month=TruncMonth("month")), name="outcome_count_is_of_a_month"),
            models.CheckConstraint(condition=Q(kind__in=OutcomeKind.values), name="outcome_count_kind_known"),
            models.CheckConstraint(condition=Q(rule__in=AttributionRule.values), name="outcome_count_rule_known"),
        ]
        indexes = [
            models.Index(fields=["month", "rule"], condition=Q(replaced_at__isnull=True), name="outcome_by_month")
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.kind} in {self.month:%Y-%m}"


class Assumption(Recorded):
    """Something the return rests on that is decided rather than measured, from a day until the next decision."""

    class Key(models.TextChoices):
        ATTRIBUTION = "attribution", _("Attribution rule")
        RATE = "rate", _("Rate per hour")
        COSTS = "costs", _("What counts as a cost")
        DELAY = "delay", _("From outcome to value")

    key = models.CharField(_("about"), max_length=20, choices=Key.choices)
    value = models.CharField(_("value"), max_length=40, blank=True)
    statement = models.TextField(_("in words"))
    reason = models.TextField(_("why"))
    starts = models.DateField(_("valid from"))

    objects: ClassVar[Any] = DatedRuleQuerySet.as_manager()

    class Meta:
        ordering = ["key", "-starts", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(key="attribution") | Q(value__in=AttributionRule.values),
                name="assumption_attribution_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} from {self.starts}"


class GoalQuerySet(models.QuerySet["Goal"]):
    def of(self, reach: Reach) -> Self:
        return within(self, reach)


class Goal(Recorded):
    """A metric that is to move from a baseline to a target; several goals may stand on one metric."""

    class Scope(models.TextChoices):
        ORGANISATION = "organisation", _("The whole organisation")
        DEPARTMENT = "department", _("A department")
        NETWORK = "network", _("A network")

    title = models.CharField(_("goal"), max_length=200)
    metric = models.SlugField(_("metric"), max_length=50)
    scope = models.CharField(_("of"), max_length=20, choices=Scope.choices, default=Scope.ORGANISATION)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    network = models.CharField(_("network"), max_length=20, choices=Network.choices, blank=True)
    baseline = models.DecimalField(_("baseline"), max_digits=20, decimal_places=2)
    baseline_month = models.DateField(_("month of the baseline"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects: ClassVar[Any] = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="organisation", department__isnull=True, network="")
                | Q(scope="department", department__isnull=False, network="")
                | (Q(scope="network", department__isnull=True) & ~Q(network="")),
                name="goal_scope_and_object_agree",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def scope_id(self) -> str:
        """As the monthly rollup names it."""
        return {"department": str(self.department_id), "network": self.network}.get(self.scope, "")


class GoalTarget(Recorded):
    """A target as it was set on a day. A target that moves is a new row, so that nobody can move it in silence."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="targets")
    value = models.DecimalField(_("target"), max_digits=20, decimal_places=2)
    due = models.DateField(_("due"))
    set_on = models.DateField(_("set on"))
    reason = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        ordering = ["set_on", "pk"]

    def __str__(self) -> str:
        return f"{self.value} by {self.due}"
