"""What strategists tell an audience, now or at a time, in one language or two, and what it said before."""

from datetime import date, datetime
from math import ceil
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from coe_portal.notifications.models import ChatDestination, Mail
from coe_portal.people.models import Audience, User


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


WORDS_A_MINUTE = 200

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

    def expired(self, at: datetime) -> Self:
        return self.published().filter(expires_at__lte=at)

    def unpublished(self) -> Self:
        return self.filter(state__in=[State.DRAFT, State.SCHEDULED])

    def to_acknowledge(self, at: datetime) -> Self:
        return self.current(at).filter(must_read=True)


class Announcement(models.Model):
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"))
    html = models.TextField(editable=False)
    lead = models.CharField(max_length=300, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+", verbose_name=_("audience"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    must_read = models.BooleanField(_("must be acknowledged"), default=False)
    due_on = models.DateField(_("acknowledge by"), null=True, blank=True)
    comments_on = models.BooleanField(_("comments allowed"), default=False)
    mail = models.CharField(_("mail"), max_length=10, choices=Mail.choices, default=Mail.DIGEST)
    chat_destinations = models.ManyToManyField(
        ChatDestination, blank=True, related_name="+", verbose_name=_("chat rooms")
    )
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    edition = models.PositiveIntegerField(_("edition"), default=1, editable=False)
    asked_in = models.PositiveIntegerField(_("edition to be acknowledged"), default=1, editable=False)
    edited_at = models.DateTimeField(_("changed after publishing"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="announcement_state_known"),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="announcement_mail_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "scheduled"], published_at__isnull=True)
                | Q(state__in=["published", "withdrawn"], published_at__isnull=False),
                name="announcement_published_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False), name="announcement_scheduled_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at"], condition=Q(state="published"), name="announcement_newest"),
            models.Index(fields=["-expires_at"], condition=Q(state="published"), name="announcement_archive"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("announcements:announcement", args=[self.pk])

    @property
    def body(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308 - sanitised when it was saved

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at

    @property
    def minutes(self) -> int:
        """What reading it takes, at 200 words a minute."""
        return max(1, ceil(len(self.text.split()) / WORDS_A_MINUTE))

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


class Translation(models.Model):
    """The announcement in another language than its own."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"))
    html = models.TextField(editable=False)
    lead = models.CharField(max_length=300, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "language"], name="announcement_translation_once")
        ]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """What readers could read from a moment on; `texts` maps a language to title and text."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField(_("edition"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    asked_again = models.BooleanField(_("everybody was asked to confirm again"), default=False)
    texts: "models.JSONField[Any, Any]" = models.JSONField(_("texts"), default=dict)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["announcement", "number"], name="announcement_edition_once")]

    def __str__(self) -> str:
        return f"{self.announcement_id} edition {self.number}"


class KeptText(models.Model):
    """What somebody has typed into the editor and not saved; without an announcement it is a new one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    announcement = models.ForeignKey(Announcement, models.CASCADE, null=True, related_name="+")
    fields: "models.JSONField[Any, Any]" = models.JSONField(_("what was typed"), default=dict)
    at = models.DateTimeField(_("kept"))

    class Meta:
        verbose_name = _("kept text of an announcement")
        verbose_name_plural = _("kept texts of announcements")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "announcement"], name="announcement_kept_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} of {self.person_id}"
