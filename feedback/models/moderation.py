"""What waits for somebody's judgement: held texts and flagged posts."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coe_portal.guard.findings import WORDS, Kind, Words
from coe_portal.people.models import User
from feedback.models.forum import Post, looked_after_by
from feedback.models.stories import Story


class HoldQuerySet(models.QuerySet["Hold"]):
    def visible_to(self, person: User) -> Self:
        """Privacy officers see every held text; strategists those of their categories, and stories, of their branch."""
        if person.is_privacy_officer:
            return self
        if not person.is_strategist:
            return self.none()
        mine = Q(post__topic__category__audience_id__in=person.access.audience_ids)
        stories = Story.objects.looked_after_by(person)
        return self.filter(mine & looked_after_by(person, "post__author") | Q(story__in=stories))

    def waiting(self) -> Self:
        return self.filter(decided_at__isnull=True)


class Hold(models.Model):
    """A text in which the guard found something, whose author says it is no patient information."""

    class Outcome(models.TextChoices):
        RELEASED = "released", _("Released")
        REFUSED = "refused", _("Refused")

    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="holds")
    story = models.ForeignKey(Story, models.CASCADE, null=True, blank=True, related_name="holds")
    # The names of the recognisers, never the words that they found.
    found = models.JSONField(_("what was recognised"), default=list)
    created_at = models.DateTimeField(_("held"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    reason = models.CharField(_("reason shown to the author"), max_length=300, blank=True)

    objects: ClassVar[Any] = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("held text")
        verbose_name_plural = _("held texts")
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, story__isnull=True) | Q(post__isnull=True, story__isnull=False),
                name="hold_of_one_text",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, outcome="released")
                | (Q(decided_at__isnull=False, decided_by__isnull=False, outcome="refused") & ~Q(reason="")),
                name="hold_decided_whole",
            ),
            models.UniqueConstraint(fields=["post"], condition=Q(decided_at__isnull=True), name="hold_once_a_post"),
            models.UniqueConstraint(fields=["story"], condition=Q(decided_at__isnull=True), name="hold_once_a_story"),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(decided_at__isnull=True), name="hold_waiting")]

    def __str__(self) -> str:
        return f"hold of {'post' if self.post_id else 'story'} {self.post_id or self.story_id}"

    @property
    def labels(self) -> list[Words]:
        """What the recognisers are called; one that no longer exists keeps its name."""
        return [WORDS[Kind(name)][0] if name in set(Kind) else name for name in self.found]


class FlagQuerySet(models.QuerySet["Flag"]):
    def visible_to(self, person: User) -> Self:
        if not person.is_strategist:
            return self.none()
        mine = looked_after_by(person, "post__author")
        return self.filter(mine, post__topic__category__audience_id__in=person.access.audience_ids)

    def waiting(self) -> Self:
        return self.filter(decided_at__isnull=True)


class Flag(models.Model):
    """Somebody thinks that a post should be looked at."""

    class Reason(models.TextChoices):
        PATIENT = "patient", _("It may identify a patient")
        RUDE = "rude", _("It is unkind or disrespectful")
        WRONG = "wrong", _("It contradicts a policy")
        OFF_TOPIC = "off_topic", _("It does not belong here")
        OTHER = "other", _("Something else")

    post = models.ForeignKey(Post, models.CASCADE, related_name="flags")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("flagged"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    upheld = models.BooleanField(_("upheld"), null=True)

    objects: ClassVar[Any] = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = [
            models.UniqueConstraint(fields=["person", "post"], name="flag_once"),
            models.CheckConstraint(
                condition=Q(reason__in=["patient", "rude", "wrong", "off_topic", "other"]), name="flag_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, upheld__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, upheld__isnull=False),
                name="flag_decided_whole",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(decided_at__isnull=True), name="flag_waiting")]

    def __str__(self) -> str:
        return f"flag on {self.post_id}"
