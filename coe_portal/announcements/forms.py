from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coe_portal.announcements.models import Announcement, State
from coe_portal.announcements.queries import audiences_with_sizes
from coe_portal.people.models import Audience


class AudienceField(forms.ModelChoiceField[Audience]):
    def label_from_instance(self, obj: Any) -> str:
        people = ngettext("%(n)d person", "%(n)d people", obj.number) % {"n": obj.number}
        return f"{obj.name} ({people})"


class LocalDateTime(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class AnnouncementForm(forms.ModelForm[Announcement]):
    audience = AudienceField(queryset=Audience.objects.none(), label=_("Audience"), empty_label=None)

    class Meta:
        model = Announcement
        fields = ["title", "text", "audience", "is_pinned", "must_read", "due_on", "publish_at", "expires_at"]
        labels = {
            "text": _("Text"),
            "is_pinned": _("Keep at the top of the home page"),
            "must_read": _("Everybody confirms that they have read it"),
            "due_on": _("Confirm by"),
            "publish_at": _("Publish later, at"),
            "expires_at": _("Take down by itself, at"),
        }
        help_texts = {
            "text": _("Markdown: **bold**, *italic*, - lists, ## headings, [link](https://…)."),
            "due_on": _("Only for what must be confirmed."),
            "publish_at": _("Leave it empty to publish when you press the button on the next page."),
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 14}),
            "due_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "publish_at": LocalDateTime(),
            "expires_at": LocalDateTime(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].queryset = audiences_with_sizes()  # type: ignore[attr-defined]
        if self.instance.state == State.PUBLISHED:
            del self.fields["publish_at"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        publish_at, expires_at = data.get("publish_at"), data.get("expires_at")
        if publish_at and publish_at <= timezone.now():
            self.add_error("publish_at", _("This time has passed. Choose a later one or leave it empty."))
        if expires_at and expires_at <= (publish_at or timezone.now()):
            self.add_error("expires_at", _("It must be taken down after it is published."))
        if data.get("due_on") and not data.get("must_read"):
            self.add_error("due_on", _("A date to confirm by needs “Everybody confirms” ticked."))
        return data
