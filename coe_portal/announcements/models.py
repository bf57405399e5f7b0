"""What strategists tell an audience, now or at a time, and who has read it."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import Audience, User


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


NEXT: dict[State, set[State]] = {
    State.DRAFT: {State.SCHEDULED, State.PUBLISHED},
    State.SCHEDULED: {State.DRAFT, State.PUBLISHED},
    State.PUBLISHED: {State.WITHDRAWN},
    State.WITHDRAWN: set(),
}


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def current(self, at: datetime) -> Self:
        return self.published().filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))

    def visible_to(self, person: User) -> Self:
        return self.filter(audience_id__in=person.access.audience_ids)

    def unpublished(self) -> Self:
        return self.filter(state__in=[State.DRAFT, State.SCHEDULED])

    def to_acknowledge(self, at: datetime) -> Self:
        return self.current(at).filter(must_read=True)


class Announcement(models.Model):
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"))
    html = models.TextField(editable=False)
    lead = models.CharField(max_length=300, editable=False)
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+", verbose_name=_("audience"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    must_read = models.BooleanField(_("must be acknowledged"), default=False)
    due_on = models.DateField(_("acknowledge by"), null=True, blank=True)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="announcement_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "scheduled"], published_at__isnull=True)
                | Q(state__in=["published", "withdrawn"], published_at__isnull=False),
                name="announcement_published_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False), name="announcement_scheduled_has_time"
            ),
        ]
        indexes = [models.Index(fields=["-published_at"], condition=Q(state="published"), name="announcement_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("announcements:announcement", args=[self.pk])

    @property
    def body(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308 - sanitised when it was saved

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


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

    def __str__(self) -> str:
        return f"{self.person_id} has read {self.announcement_id}"
