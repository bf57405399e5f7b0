"""Questions that people began to ask, and whether the portal's own knowledge answered them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.forum import Topic


class QuestionStart(models.Model):
    """A visit to the ask page that led somewhere. What was typed is not kept, only what was opened and the outcome."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("Open")
        HELPED = "helped", _("Helped by a suggestion")
        ASKED = "asked", _("Asked anyway")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField(_("key of the form"))
    started_at = models.DateTimeField(_("started"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    topic = models.OneToOneField(Topic, models.CASCADE, null=True, blank=True, related_name="start")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="question_start_once"),
            models.CheckConstraint(
                condition=Q(outcome="open", decided_at__isnull=True)
                | Q(outcome__in=["helped", "asked"], decided_at__isnull=False),
                name="question_start_decided_with_date",
            ),
            models.CheckConstraint(
                condition=Q(outcome="asked", topic__isnull=False) | Q(topic__isnull=True) & ~Q(outcome="asked"),
                name="question_start_asked_has_its_topic",
            ),
        ]
        indexes = [models.Index(fields=["-started_at"], name="question_start_latest")]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.person_id}"


class Opened(models.Model):
    """A suggestion that somebody opened while asking."""

    start = models.ForeignKey(QuestionStart, models.CASCADE, related_name="opened")
    kind = models.CharField(_("kind"), max_length=30)
    title = models.CharField(_("title"), max_length=300)
    url = models.CharField(_("address"), max_length=300)
    opened_at = models.DateTimeField(_("opened"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["start", "url"], name="opened_once")]

    def __str__(self) -> str:
        return self.url
