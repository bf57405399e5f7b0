from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.channels.models import Channel
from coe_portal.people.access import Reach, within
from metrics.access import choose_among
from metrics.dashboards.models import EventNote


class EventNoteForm(forms.ModelForm):  # type: ignore[type-arg]
    heading = _("Write an event note")
    lead = _("Something that happened and may explain a change. It is shown as a note, not as proof.")

    class Meta:
        model = EventNote
        fields: ClassVar[list[str]] = ["title", "day", "ends", "text", "network", "channel"]
        widgets: ClassVar[dict[str, Any]] = {
            "day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "ends": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "text": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "network": _("Leave empty what concerns all networks."),
            "channel": _("Leave empty what concerns more than one channel."),
        }

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "channel", within(Channel.objects.listed().order_by("name"), reach), reach)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, ends = cleaned.get("day"), cleaned.get("ends")
        if day and ends and ends < day:
            self.add_error("ends", _("It cannot end before it begins."))
        if cleaned.get("channel"):
            cleaned["network"] = ""
        return cleaned
