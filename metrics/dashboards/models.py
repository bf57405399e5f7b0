"""Notes of what happened, for those who read the figures later."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coe_portal.channels.models import Channel, Network
from coe_portal.people.models import User


class EventNoteQuerySet(models.QuerySet["EventNote"]):
    def between(self, start: date, end: date) -> Self:
        return self.filter(Q(ends__gte=start) | Q(ends__isnull=True, day__gte=start), day__lte=end)

    def visible_to(self, person: User) -> Self:
        """Notes of one channel are for those who see its figures; all others for everybody with dashboards."""
        channels = Channel.objects.with_figures_for(person)
        return self.filter(Q(channel__isnull=True) | Q(channel__in=channels))

    def for_channel(self, channel: Channel) -> Self:
        """What concerns the channel, its whole network, or everything."""
        return self.filter(Q(channel=channel) | Q(channel__isnull=True, network__in=["", channel.network]))


class EventNote(models.Model):
    """Something that happened on a day or over days. It may explain a change; it proves nothing."""

    day = models.DateField(_("day"))
    ends = models.DateField(_("until"), null=True, blank=True)
    title = models.CharField(_("what happened"), max_length=120)
    text = models.TextField(_("more"), blank=True)
    network = models.CharField(_("network"), max_length=20, choices=Network.choices, blank=True)
    channel = models.ForeignKey(
        Channel, models.CASCADE, null=True, blank=True, related_name="event_notes", verbose_name=_("channel")
    )
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    is_demo = models.BooleanField(_("demo data"), default=False)

    objects: ClassVar[Any] = EventNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("day")), name="event_note_in_order")
        ]
        indexes = [models.Index(fields=["-day"])]

    def __str__(self) -> str:
        return self.title
