"""Who has read what, and acknowledged it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coe_portal.announcements.models.announcement import Announcement


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def acknowledged(self) -> Self:
        return self.filter(acknowledged_at__isnull=False)


class Receipt(models.Model):
    """A person has opened an announcement and, where it must be read, acknowledged it."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="receipts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField(_("read"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "announcement"], name="announcement_receipt_once")]
        indexes = [models.Index(fields=["announcement", "acknowledged_at"], name="announcement_receipts")]

    def __str__(self) -> str:
        return f"{self.person_id} has read {self.announcement_id}"


class EarlierReceipt(models.Model):
    """An acknowledgement of an edition that was asked for again later."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="earlier_receipts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    edition = models.PositiveIntegerField(_("edition"))
    acknowledged_at = models.DateTimeField(_("acknowledged"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "person", "edition"], name="announcement_earlier_receipt_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} had acknowledged edition {self.edition} of {self.announcement_id}"
