from datetime import datetime, time
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coe_portal.notifications.times import Times

DIGEST_AT = time(7)
QUIET_FROM = time(20)
QUIET_UNTIL = time(7)


class MailTimes(models.Model):
    """When a person wants mail, in their own time zone; no row where they leave it as it comes."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mail_times")
    digest_at = models.TimeField(_("daily mail at"), default=DIGEST_AT)
    quiet_from = models.TimeField(_("quiet from"), default=QUIET_FROM)
    quiet_until = models.TimeField(_("quiet until"), default=QUIET_UNTIL)
    quiet_weekends = models.BooleanField(_("no mail on Saturdays and Sundays"), default=False)

    class Meta:
        verbose_name = _("times for mail")
        verbose_name_plural = _("times for mail")

    def __str__(self) -> str:
        return f"{self.digest_at:%H:%M}, quiet {self.quiet_from:%H:%M}-{self.quiet_until:%H:%M}"

    def in_zone(self, zone: str) -> Times:
        return Times(zone, self.digest_at, self.quiet_from, self.quiet_until, self.quiet_weekends)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> Self:
        return self.filter(state=OutgoingMail.State.WAITING)

    def due(self, at: datetime) -> Self:
        return self.waiting().filter(due_at__lte=at)

    def under_way(self) -> Self:
        return self.filter(state=OutgoingMail.State.SENDING)

    def parked(self) -> Self:
        return self.filter(state=OutgoingMail.State.PARKED)

    def accepted_since(self, at: datetime) -> Self:
        return self.filter(state=OutgoingMail.State.ACCEPTED, accepted_at__gte=at)


class OutgoingMail(models.Model):
    """One mail to one address, and the truth about what became of it.

    It is `sending` from just before the mail server is spoken to until its answer is noted; what is found so later was
    interrupted, so nobody knows: it is `ambiguous` and repeated once at most. A digest is written when it is sent;
    `content` holds, encrypted, a mail that was written before, until it is accepted.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        ACCEPTED = "accepted", _("Sent")
        PARKED = "parked", _("Could not be sent")
        DROPPED = "dropped", _("Not needed any more")

    class Purpose(models.TextChoices):
        DIRECT = "direct", _("Sign-in and security")
        NOW = "now", _("At once")
        DIGEST = "digest", _("Daily digest")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.EmailField(_("address"), max_length=254)
    purpose = models.CharField(_("purpose"), max_length=6, choices=Purpose.choices)
    # The first to be sent have the smallest number.
    priority = models.PositiveSmallIntegerField(default=2)
    # NULL where the same may be sent any number of times: unique keys never clash on it.
    key = models.CharField(_("key"), max_length=200, null=True, unique=True)  # noqa: DJ001
    content = models.TextField(blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    ambiguous = models.BooleanField(_("perhaps sent twice"), default=False)
    error = models.TextField(_("last error"), blank=True)
    due_at = models.DateTimeField(_("due"))
    accepted_at = models.DateTimeField(_("sent"), null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "accepted", "parked", "dropped"]), name="mail_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_at__isnull=False)
                | (~Q(state="accepted") & Q(accepted_at__isnull=True)),
                name="mail_accepted_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "due_at", "id"], condition=Q(state="waiting"), name="mail_waiting"),
            models.Index(fields=["id"], condition=Q(state="sending"), name="mail_sending"),
            models.Index(fields=["-created_at"], condition=Q(state="parked"), name="mail_parked"),
            models.Index(fields=["accepted_at"], condition=Q(state="accepted"), name="mail_accepted"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} to {self.address} {self.state}"
