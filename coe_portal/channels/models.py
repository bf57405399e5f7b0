"""The register of social accounts: who owns each one, who publishes with it, and whether it is still looked after."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, GeneratedField, Q, TextField, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Role
from coe_portal.people.models import DatedQuerySet, Department, User

STALE_AFTER = timedelta(days=182)


class Network(models.TextChoices):
    BLUESKY = "bluesky", "Bluesky"
    FACEBOOK = "facebook", "Facebook"
    FEED = "feed", _("Website or podcast feed")
    INSTAGRAM = "instagram", "Instagram"
    LINKEDIN = "linkedin", "LinkedIn"
    MASTODON = "mastodon", "Mastodon"
    PINTEREST = "pinterest", "Pinterest"
    REDDIT = "reddit", "Reddit"
    THREADS = "threads", "Threads"
    TIKTOK = "tiktok", "TikTok"
    X = "x", "X"
    YOUTUBE = "youtube", "YouTube"


def _plain_handle() -> Func:
    """@RiverbendHealth and riverbendhealth are one account."""
    return Lower(Func(F("handle"), Value("@"), function="LTRIM"), output_field=TextField())


def _plain_url() -> Func:
    """Without scheme, www. and the slash at the end."""
    bare = Func(F("url"), Value("^https?://(www[.]|m[.])?"), Value(""), function="REGEXP_REPLACE")
    return Lower(Func(bare, Value("/"), function="RTRIM"), output_field=TextField())


class ChannelQuerySet(models.QuerySet["Channel"]):
    def visible_to(self, person: User) -> Self:
        """The register is open to everybody who is signed in; what is only asked for, to those it concerns."""
        reach = person.access.reach(Role.STRATEGIST, Role.ADMINISTRATOR, Role.COORDINATOR)
        if reach is None:
            return self
        listed = Q(state__in=Channel.LISTED) & ~Q(request__decision=ChannelRequest.Decision.DECLINED)
        return self.filter(listed | Q(request__requested_by=person) | Q(department_id__in=reach))

    def with_figures_for(self, person: User) -> Self:
        """As far as one's roles reach, and publishers their channel's; peers' are for the hub and for executives."""
        if person.access.reach(Role.STRATEGIST, Role.EXECUTIVE) is None:
            return self
        branch = person.access.reach(Role.STRATEGIST, Role.EXECUTIVE, Role.COORDINATOR)
        if branch is None:
            return self.filter(relation=Channel.Relation.OWN)
        publishing = Publisher.objects.current().filter(person=person).values("channel_id")
        return self.filter(Q(department_id__in=branch) | Q(pk__in=publishing))

    def listed(self) -> Self:
        return self.filter(state__in=Channel.LISTED)

    def in_use(self) -> Self:
        return self.filter(state__in=[Channel.State.ACTIVE, Channel.State.DORMANT])

    def collected(self) -> Self:
        """The channels whose figures are worth reading."""
        return self.filter(state=Channel.State.ACTIVE)

    def own(self) -> Self:
        return self.filter(relation=Channel.Relation.OWN)

    def peers(self) -> Self:
        return self.filter(relation=Channel.Relation.PEER)

    def stale(self, on: date) -> Self:
        """In use, ours, and not validated for half a year."""
        unseen = Q(validated_on__isnull=True) | Q(validated_on__lt=on - STALE_AFTER)
        return self.own().in_use().filter(unseen)

    def left_alone(self) -> Self:
        """In use, ours, and somebody who looks after it has left the organisation."""
        left = Q(first_contact__is_active=False) | Q(second_contact__is_active=False)
        return self.own().in_use().filter(left)


class Channel(models.Model):
    """A social account: one of ours, or a peer's that we compare ourselves with."""

    class Relation(models.TextChoices):
        OWN = "own", _("Ours")
        PEER = "peer", _("Peer")

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        IN_REVIEW = "in_review", _("In review")
        ACTIVE = "active", _("Active")
        DORMANT = "dormant", _("Dormant")
        ARCHIVED = "archived", _("Archived")

    class TwoFactor(models.TextChoices):
        ON = "on", _("On")
        OFF = "off", _("Off")
        UNKNOWN = "unknown", _("Not known")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.REQUESTED: {State.IN_REVIEW, State.ACTIVE, State.ARCHIVED},
        State.IN_REVIEW: {State.ACTIVE, State.ARCHIVED},
        State.ACTIVE: {State.DORMANT, State.ARCHIVED},
        State.DORMANT: {State.ACTIVE, State.ARCHIVED},
        State.ARCHIVED: {State.ACTIVE},
    }
    LISTED = (State.ACTIVE, State.DORMANT, State.ARCHIVED)

    network = models.CharField(_("network"), max_length=20, choices=Network.choices)
    handle = models.CharField(
        _("handle"), max_length=200, help_text=_("As people see it, for example @riverbendhealth.")
    )
    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("address"), max_length=500, blank=True)
    external_id = models.CharField(_("id at the network"), max_length=200, blank=True)
    relation = models.CharField(_("whose channel"), max_length=10, choices=Relation.choices, default=Relation.OWN)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="channels", verbose_name=_("owning department")
    )
    purpose = models.TextField(_("purpose"), blank=True)
    plain_handle = GeneratedField(expression=_plain_handle(), output_field=TextField(), db_persist=True)
    plain_url = GeneratedField(expression=_plain_url(), output_field=TextField(), db_persist=True)
    state = models.CharField(_("status"), max_length=20, choices=State.choices, default=State.REQUESTED)
    time_zone = models.CharField(_("time zone"), max_length=50, default="America/New_York")
    first_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("first contact"),
    )
    second_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("second contact"),
    )
    two_factor = models.CharField(
        _("two-factor sign-in"), max_length=10, choices=TwoFactor.choices, default=TwoFactor.UNKNOWN
    )
    recovery_contact = models.CharField(_("recovery contact"), max_length=200, blank=True)
    validated_on = models.DateField(_("last validated"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    publishers = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Publisher", related_name="publishes_with")

    objects: ClassVar[Any] = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.UniqueConstraint(fields=["network", "plain_handle"], name="channel_handle_once"),
            models.CheckConstraint(
                condition=Q(relation="peer", department__isnull=True) | Q(relation="own", department__isnull=False),
                name="channel_ours_has_a_department",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "in_review", "active", "dormant", "archived"]),
                name="channel_state_known",
            ),
            models.CheckConstraint(
                condition=Q(second_contact__isnull=True) | ~Q(second_contact=F("first_contact")),
                name="channel_two_different_contacts",
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"]),
            models.Index(fields=["department", "network"]),
            models.Index(fields=["plain_url"]),
            GinIndex(fields=["plain_handle"], opclasses=["gin_trgm_ops"], name="channel_handle_similar"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_network_display()})"

    def get_absolute_url(self) -> str:
        return reverse("channels:channel", args=[self.pk])

    @property
    def is_peer(self) -> bool:
        return self.relation == self.Relation.PEER

    @property
    def is_listed(self) -> bool:
        return self.state in self.LISTED

    def is_stale(self, on: date) -> bool:
        in_use = self.state in {self.State.ACTIVE, self.State.DORMANT}
        unseen = self.validated_on is None or self.validated_on < on - STALE_AFTER
        return in_use and unseen and not self.is_peer


class PublisherQuerySet(DatedQuerySet):
    def current(self) -> Self:
        return self.filter(ends__isnull=True)


class Publisher(models.Model):
    """Somebody who may publish with a channel, from `starts` until the day before `ends`."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="publisher_rows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="publisher_rows")
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"), null=True, blank=True)

    objects: ClassVar[Any] = PublisherQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "person"], condition=Q(ends__isnull=True), name="publisher_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="publisher_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} with {self.channel_id} from {self.starts}"


class ChannelRequest(models.Model):
    """Why somebody asked for a new account, and what was decided. Kept for ever."""

    class Decision(models.TextChoices):
        OPEN = "open", _("Not decided yet")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    channel = models.OneToOneField(Channel, models.PROTECT, related_name="request")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    why_not_existing = models.TextField(_("why an existing channel will not do"))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="open", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision__in=["approved", "declined"], decided_by__isnull=False, decided_at__isnull=False),
                name="channel_request_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Request for {self.channel_id}: {self.decision}"

    @property
    def is_open(self) -> bool:
        return self.decision == self.Decision.OPEN
