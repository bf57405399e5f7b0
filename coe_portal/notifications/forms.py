"""What a person wants to hear of, as forms that work without JavaScript."""

from dataclasses import dataclass
from datetime import time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coe_portal.contributions import NotificationKind, Text, Way, notification_kinds
from coe_portal.notifications.models import ChatDestination, MailTimes
from coe_portal.notifications.queries import KindGroup
from coe_portal.notifications.times import is_between

WAY_LABELS: dict[Way, Text] = {
    Way.AT_ONCE: gettext_lazy("Mail at once"),
    Way.DIGEST: gettext_lazy("Daily mail"),
    Way.PORTAL: gettext_lazy("Portal only"),
    Way.OFF: gettext_lazy("Off"),
}


@dataclass(frozen=True)
class Option:
    way: Way
    label: Text
    checked: bool
    disabled: bool


@dataclass(frozen=True)
class Choice:
    """A line of the page: one kind and its four ways."""

    kind: NotificationKind
    name: str
    options: list[Option]


class WaysForm(forms.Form):
    """A field a kind, named as the kind is."""

    def __init__(self, *args: Any, groups: list[KindGroup], chosen: dict[str, Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        self.chosen = chosen
        for group in groups:
            for kind in group.kinds:
                ways = [Way.AT_ONCE, Way.DIGEST] if kind.required else list(Way)
                self.fields[kind.key] = forms.ChoiceField(
                    label=str(kind.label), choices=[(way.value, WAY_LABELS[way]) for way in ways], required=False
                )

    @property
    def lines(self) -> list[tuple[Text, list[Choice]]]:
        return [(group.label, [self._choice(kind) for kind in group.kinds]) for group in self.groups]

    def _choice(self, kind: NotificationKind) -> Choice:
        now = self.chosen.get(kind.key, kind.default)
        options = [
            Option(way, label, way == now, kind.required and way in {Way.PORTAL, Way.OFF})
            for way, label in WAY_LABELS.items()
        ]
        return Choice(kind, kind.key, options)

    @property
    def ways(self) -> dict[str, Way]:
        return {key: Way(value) for key, value in self.cleaned_data.items() if value}


class ClockInput(forms.TimeInput):
    input_type = "time"


class TimesForm(forms.ModelForm[MailTimes]):
    class Meta:
        model = MailTimes
        fields = ["digest_at", "quiet_from", "quiet_until", "quiet_weekends"]
        widgets = {name: ClockInput(format="%H:%M") for name in ["digest_at", "quiet_from", "quiet_until"]}
        labels = {
            "digest_at": gettext_lazy("Daily mail at"),
            "quiet_from": gettext_lazy("No mail from"),
            "quiet_until": gettext_lazy("No mail until"),
        }
        help_texts = {
            "digest_at": gettext_lazy("In your time zone. It comes only when there is something new."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        clocks: list[time | None] = [cleaned.get(name) for name in ["digest_at", "quiet_from", "quiet_until"]]
        at, start, end = clocks
        if at is not None and start is not None and end is not None and is_between(at, start, end):
            raise ValidationError(
                {"digest_at": _("The daily mail would come in your quiet hours. Choose another time for one of them.")}
            )
        return cleaned


class RoomForm(forms.ModelForm[ChatDestination]):
    """The address is asked for and never shown: who knows it can post there."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2_000,
        help_text=gettext_lazy(
            "The webhook address as Teams, Slack, Google Chat or Discord gives it, or an Apprise address such as mmosts://…"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What may be posted there"), widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = ChatDestination
        fields = ["name", "audience_note"]

    field_order = ["name", "url", "audience_note", "kinds"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = cast("forms.MultipleChoiceField", self.fields["kinds"])
        kinds.choices = [(each.key, each.label) for each in notification_kinds().values() if each.chat]
        if self.instance.pk:
            self.fields["url"].required = False
            self.fields["url"].label = _("New address")
            self.fields["url"].help_text = _("Leave it empty to keep the one that is there. It is never shown.")
            self.initial["kinds"] = self.instance.kinds
        elif not self.is_bound:
            self.initial["kinds"] = [key for key, _label in cast("list[tuple[str, Text]]", kinds.choices)]
