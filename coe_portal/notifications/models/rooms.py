from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChatDestinationQuerySet(models.QuerySet["ChatDestination"]):
    def enabled(self) -> Self:
        return self.filter(enabled=True)

    def taking(self, kind: str) -> Self:
        """Those that messages of this kind may be posted to."""
        return self.enabled().filter(kinds__contains=[kind])


class ChatDestination(models.Model):
    """A chat room that the portal posts to. Its address is a secret: whoever knows it can post there."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    service = models.CharField(_("service"), max_length=60, editable=False)
    host = models.CharField(_("host"), max_length=253, editable=False)
    secret = models.TextField(editable=False)
    audience_note = models.CharField(
        _("who reads it"), max_length=200, blank=True, help_text=_("So that nobody posts to the wrong people.")
    )
    kinds = models.JSONField(_("what is posted there"), default=list)
    enabled = models.BooleanField(_("enabled"), default=True)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    last_error_at = models.DateTimeField(_("last error at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ChatDestinationQuerySet.as_manager()

    class Meta:
        verbose_name = _("chat destination")
        verbose_name_plural = _("chat destinations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def fails_since(self) -> datetime | None:
        """When the last message could not be posted, if none could since."""
        if self.last_error_at and (self.last_success_at is None or self.last_error_at > self.last_success_at):
            return self.last_error_at
        return None
