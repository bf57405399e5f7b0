"""What readers say below an announcement."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from coe_portal.announcements.models.announcement import Announcement
from coe_portal.people.models import User

EDITABLE_FOR = timedelta(minutes=30)


class CommentQuerySet(models.QuerySet["Comment"]):
    def shown_to(self, person: User) -> Self:
        """Among those of an announcement the person sees: what is held is its author's and the strategists' alone."""
        return self if person.is_strategist else self.filter(Q(is_held=False) | Q(author=person))

    def to_look_at(self) -> Self:
        """Held by the guard, or flagged by a reader."""
        waiting = Flag.objects.filter(decided_at__isnull=True).values("comment_id")
        return self.filter(Q(is_held=True) | Q(pk__in=waiting), removed_at__isnull=True)


class Comment(models.Model):
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("text"))
    html = models.TextField(editable=False)
    created_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(_("changed"), null=True)
    is_held = models.BooleanField(_("held for review"), default=False)
    found: "models.JSONField[Any, Any]" = models.JSONField(_("what the guard found"), default=list)
    removed_at = models.DateTimeField(_("removed"), null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removal_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(fields=["announcement", "-created_at", "-id"], name="announcement_comments"),
            models.Index(fields=["-created_at"], condition=Q(is_held=True), name="announcement_held"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def get_absolute_url(self) -> str:
        return f"{reverse('announcements:announcement', args=[self.announcement_id])}#comment-{self.pk}"

    @property
    def body(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308 - sanitised when it was saved

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    def is_fresh(self, at: datetime) -> bool:
        """Within the half hour in which its author may change it."""
        return at < self.created_at + EDITABLE_FOR


class Flag(models.Model):
    """A reader asks a strategist to look at a comment."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="flags")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(_("what is wrong with it"), max_length=300)
    created_at = models.DateTimeField(_("flagged"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("flag of a comment")
        verbose_name_plural = _("flags of comments")
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="announcement_flag_once")]
        indexes = [
            models.Index(fields=["comment"], condition=Q(decided_at__isnull=True), name="announcement_flags_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} flagged {self.comment_id}"
