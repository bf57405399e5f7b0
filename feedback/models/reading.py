"""What a person follows, has read and has begun to write."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.models.forum import Topic


class Follow(models.Model):
    """Replies to the topic are told to the person."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="follows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.topic_id}"


class ReadMark(models.Model):
    """How far a person has read a topic: the number of the last post seen."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="read_marks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("number of the last post read"))
    read_at = models.DateTimeField(_("read"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.topic_id} up to {self.number}"


class Draft(models.Model):
    """What a person has typed and not sent. `place` is the form: "ask", "start:3", "reply:12", "edit:7", "story"."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.CharField(_("form"), max_length=40)
    fields: "models.JSONField[Any, Any]" = models.JSONField(_("what was typed"), default=dict)
    updated_at = models.DateTimeField(_("kept"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["person", "place"], name="draft_once")]
        indexes = [models.Index(fields=["updated_at"], name="draft_age")]

    def __str__(self) -> str:
        return f"{self.place} of {self.person_id}"
