"""Figures of channels: what is measured, every sample ever taken, and the rows that pages read."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coe_portal.channels.models import Channel, Network
from coe_portal.people.access import Role, within
from coe_portal.people.models import User


class Source(models.IntegerChoices):
    """Where a figure came from. The greater one is believed when several sources know the same figure."""

    DEMO = 0, _("demo data")
    MANUAL = 1, _("entered by hand")
    FILE = 2, _("the network's own export")
    API = 3, _("the network's interface")


class Metric(models.Model):
    """One thing that is counted, with its definition. Rows of figures keep it by its small number."""

    class Kind(models.TextChoices):
        COUNT = "count", _("counted a day")
        SNAPSHOT = "snapshot", _("state at the end of a day")
        LIFETIME = "lifetime", _("total since the beginning")

    id = models.PositiveSmallIntegerField(primary_key=True)
    key = models.SlugField(_("key"), max_length=50, unique=True)
    label = models.CharField(_("label"), max_length=100)
    unit = models.CharField(_("unit"), max_length=30)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    definition = models.TextField(_("definition"))
    formula = models.CharField(_("formula"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(id__gte=1, id__lte=64), name="metric_has_a_place")]

    def __str__(self) -> str:
        return gettext(self.label)


class NativeMetric(models.Model):
    """What a network calls a metric, from when until when, and by which version of its definition."""

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="native")
    network = models.CharField(_("network"), max_length=20, choices=Network.choices)
    name = models.CharField(_("name at the network"), max_length=120)
    definition_version = models.PositiveSmallIntegerField(_("version of the definition"), default=1)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "name", "metric", "definition_version"], name="native_metric_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="native_metric_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.name}"


class DefinitionBreak(models.Model):
    """From this day on the network means something else by a metric: lines are never joined across it."""

    network = models.CharField(_("network"), max_length=20, choices=Network.choices)
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="breaks")
    day = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["network", "metric", "day"], name="definition_break_once")]

    def __str__(self) -> str:
        return f"{self.network} {self.metric_id} from {self.day}"


class Run(models.Model):
    """One attempt to bring figures in: by a collector, from a file, by hand or for the demo."""

    class Kind(models.TextChoices):
        COLLECT = "collect", _("Collector")
        IMPORT = "import", _("Import")
        MANUAL = "manual", _("By hand")
        DEMO = "demo", _("Demo")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        OK = "ok", _("Complete")
        PARTIAL = "partial", _("Partly")
        FAILED = "failed", _("Failed")
        DEFERRED = "deferred", _("Put off")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="runs")
    stream = models.CharField(_("stream"), max_length=20, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    first_day = models.DateField(_("from"), null=True)
    last_day = models.DateField(_("to"), null=True)
    read = models.PositiveIntegerField(_("figures read"), default=0)
    added = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("corrected"), default=0)
    posts = models.PositiveIntegerField(_("posts"), default=0)
    error = models.TextField(_("error"), blank=True)
    evidence_url = models.URLField(_("evidence"), max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["channel", "-started_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", finished_at__isnull=True)
                | Q(state__in=["ok", "partial", "failed", "deferred"], finished_at__isnull=False),
                name="run_state_and_end_agree",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} {self.state}"


class Sample(models.Model):
    """One figure as one source gave it at one moment. Never changed: a correction is a newer row.

    `day` is the provider's day. A null value withdraws what the same source said before. The keys carry no
    foreign key constraint: `record_samples` checks each batch once, not each of its hundred thousand rows.
    """

    pk = models.CompositePrimaryKey("channel_id", "metric_id", "day", "source", "as_of")
    channel = models.ForeignKey(Channel, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    metric = models.ForeignKey(Metric, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    day = models.DateField(_("day"))
    source = models.PositiveSmallIntegerField(_("source"), choices=Source.choices)
    as_of = models.DateTimeField(_("as of"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4, null=True)
    run = models.ForeignKey(Run, models.PROTECT, db_constraint=False, db_index=False, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["channel", "day"], condition=Q(value__isnull=True), name="sample_withdrawn")]

    def __str__(self) -> str:
        return f"{self.channel_id}/{self.metric_id} {self.day}: {self.value}"


class Gap(models.Model):
    """Why there is no figure for a day. A day with a figure has no gap."""

    class State(models.TextChoices):
        MISSING = "missing", _("the network gave none")
        NOT_COLLECTED = "not_collected", _("not collected")
        UNAVAILABLE = "unavailable", _("the network does not keep it")
        FAILED = "failed", _("the collection failed")

    pk = models.CompositePrimaryKey("channel_id", "day", "metric_id")
    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False, related_name="+")
    metric = models.ForeignKey(Metric, models.PROTECT, db_index=False, related_name="+")
    day = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=20, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    as_of = models.DateTimeField(_("as of"))
    run = models.ForeignKey(Run, models.PROTECT, db_index=False, related_name="+")

    def __str__(self) -> str:
        return f"{self.channel_id}/{self.metric_id} {self.day}: {self.state}"


class DailyRollup(models.Model):
    """The believed figures of one channel on one day; the place in each array is the metric's number.

    What pages read: one row instead of one a metric, a source and a correction.
    """

    pk = models.CompositePrimaryKey("channel_id", "day")
    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False, related_name="+")
    day = models.DateField(_("day"))
    values = ArrayField(models.DecimalField(max_digits=20, decimal_places=4, null=True))
    sources = ArrayField(models.PositiveSmallIntegerField(null=True))
    as_ofs = ArrayField(models.DateTimeField(null=True))

    def __str__(self) -> str:
        return f"{self.channel_id} {self.day}"


class MonthlyRollup(models.Model):
    """One metric of one month: of a channel, or of all our channels of a department, of a network or together.

    `value` adds up the days of counts; of snapshots and totals it is the last of the month, over all channels.
    `days` is the number of channel-days with a figure, `channels` the number of channels that had any.
    """

    class Scope(models.TextChoices):
        CHANNEL = "channel", _("Channel")
        DEPARTMENT = "department", _("Department")
        NETWORK = "network", _("Network")
        ORGANISATION = "organisation", _("Organisation")

    pk = models.CompositePrimaryKey("scope", "scope_id", "metric_id", "month")
    scope = models.CharField(_("scope"), max_length=12, choices=Scope.choices)
    scope_id = models.CharField(_("of"), max_length=20)
    metric = models.ForeignKey(Metric, models.PROTECT, db_index=False, related_name="+")
    month = models.DateField(_("month"))
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=4)
    days = models.PositiveIntegerField(_("channel-days"))
    channels = models.PositiveIntegerField(_("channels"))
    as_of = models.DateTimeField(_("as of"))
    is_demo = models.BooleanField(_("with demo data"))

    class Meta:
        indexes = [models.Index(fields=["month", "scope", "metric"])]

    def __str__(self) -> str:
        return f"{self.scope} {self.scope_id} {self.month}"


class Post(models.Model):
    """Something a channel published. Its figures are totals so far; each change of one is a PostSample."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="posts")
    external_id = models.CharField(_("id at the network"), max_length=300)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    text = models.TextField(_("text"), blank=True)
    published_at = models.DateTimeField(_("published"))
    day = models.DateField(_("day"))
    figures = models.JSONField(_("figures"), default=dict)
    as_of = models.DateTimeField(_("as of"), null=True)
    extra = models.JSONField(_("other columns"), default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "external_id"], name="post_once")]
        indexes = [models.Index(fields=["channel", "-published_at"])]

    def __str__(self) -> str:
        return self.text[:80] or self.external_id


class PostSample(models.Model):
    """One total of one post at one moment. Never changed."""

    pk = models.CompositePrimaryKey("post_id", "metric_id", "source", "as_of")
    post = models.ForeignKey(Post, models.PROTECT, db_index=False, related_name="samples")
    metric = models.ForeignKey(Metric, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    source = models.PositiveSmallIntegerField(_("source"), choices=Source.choices)
    as_of = models.DateTimeField(_("as of"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    run = models.ForeignKey(Run, models.PROTECT, db_constraint=False, db_index=False, related_name="+")

    def __str__(self) -> str:
        return f"{self.post_id}/{self.metric_id}: {self.value}"


class AdSpend(models.Model):
    """What one advertisement cost over the days a report covers; returns count it as a cost."""

    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="ad_spend")
    external_id = models.CharField(_("id at the network"), max_length=100)
    name = models.CharField(_("name"), max_length=300)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"), null=True)
    report_first_day = models.DateField(_("report from"))
    report_last_day = models.DateField(_("report to"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    figures = models.JSONField(_("figures"), default=dict)
    source = models.PositiveSmallIntegerField(_("source"), choices=Source.choices, default=Source.FILE)
    as_of = models.DateTimeField(_("as of"))
    run = models.ForeignKey(Run, models.PROTECT, related_name="ad_spend")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id", "report_first_day", "report_last_day"],
                nulls_distinct=False,
                name="ad_spend_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="ad_spend_not_negative"),
        ]
        indexes = [models.Index(fields=["first_day"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.amount} {self.currency}"


class StreamQuerySet(models.QuerySet["Stream"]):
    def visible_to(self, person: User) -> Self:
        """Whether reading works, for administrators of all channels, for strategists of those their role reaches."""
        return within(self, person.access.reach(Role.STRATEGIST, Role.ADMINISTRATOR), "channel__department")

    def due(self, at: datetime) -> Self:
        return self.filter(is_on=True, channel__state=Channel.State.ACTIVE, next_due_at__lte=at)

    def in_trouble(self, at: datetime) -> Self:
        """Failing, or without success for twice their interval."""
        late = Q(last_success_at__lt=at - F("every_minutes") * timedelta(minutes=2))
        return self.filter(is_on=True).filter(Q(failures__gt=0) | late)


class Stream(models.Model):
    """Something that is read from a channel again and again: when it is due, and how it has been going."""

    class Kind(models.TextChoices):
        PROFILE = "profile", _("Daily figures")
        POSTS = "posts", _("Posts")

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="streams")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    is_on = models.BooleanField(_("switched on"), default=True)
    every_minutes = models.PositiveIntegerField(_("every (minutes)"))
    next_due_at = models.DateTimeField(_("next due"))
    cursor = models.JSONField(_("cursor"), default=dict)
    last_started_at = models.DateTimeField(_("last started"), null=True)
    last_success_at = models.DateTimeField(_("last success"), null=True)
    last_error = models.TextField(_("last error"), blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    alerted_at = models.DateTimeField(_("alert sent"), null=True)
    asked_at = models.DateTimeField(_("asked to collect now"), null=True)

    objects: ClassVar[Any] = StreamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "kind"], name="stream_once"),
            models.CheckConstraint(condition=Q(every_minutes__gt=0), name="stream_has_an_interval"),
        ]
        indexes = [models.Index(fields=["next_due_at"], condition=Q(is_on=True), name="stream_due")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.channel_id}"

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self.every_minutes)

    def is_late(self, at: datetime) -> bool:
        return self.is_on and self.last_success_at is not None and self.last_success_at < at - 2 * self.every
