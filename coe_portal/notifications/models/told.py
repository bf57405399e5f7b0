from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Way
from coe_portal.people.models import User


class Mail(models.TextChoices):
    """Whether something told in the portal is mailed, too."""

    NOW = "now", _("At once")
    DIGEST = "digest", _("In the daily digest")
    NONE = "none", _("Not by mail")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(person=person)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def unmailed(self) -> Self:
        return self.exclude(mail=Mail.NONE).filter(mailed_at__isnull=True)


class Notification(models.Model):
    """Something a person should know, told once in the portal and once by mail.

    `mail` is how it is mailed to this person: what the sender asked for, unless the person chose otherwise.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(_("kind"), max_length=60)
    subject = models.CharField(_("subject"), max_length=200)
    lead = models.CharField(_("lead"), max_length=300, blank=True, db_default="")
    url = models.CharField(_("address"), max_length=300)
    key = models.CharField(_("key"), max_length=200)
    mail = models.CharField(
        _("mail"), max_length=6, choices=Mail.choices, default=Mail.DIGEST, db_default=Mail.DIGEST.value
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="notification_once"),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="notification_mail_known"),
        ]
        indexes = [
            models.Index(fields=["person", "-created_at"]),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(
                fields=["person", "mail"],
                condition=Q(mailed_at__isnull=True) & ~Q(mail="none"),
                name="notification_to_mail",
            ),
            models.Index(fields=["person"], condition=Q(mailed_at__isnull=True, mail="now"), name="notification_now"),
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """How a person wants to hear of one kind; no row where they leave it to the kind."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(_("kind"), max_length=60)
    way = models.CharField(_("way"), max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notification_preference_once"),
            models.CheckConstraint(condition=Q(way__in=[each.value for each in Way]), name="notification_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id} {self.way}"
