from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coe_portal.announcements.models import Announcement, State
from coe_portal.guard.forms import Guarded
from coe_portal.notifications.models import ChatDestination, Mail
from coe_portal.people.forms import AudienceField

LONGEST_TEXT = 20_000
LONGEST_COMMENT = 4_000
WAYS = [
    (Mail.NONE.value, _("In the portal only")),
    (Mail.DIGEST.value, _("In the portal, and in each reader's daily mail")),
    (Mail.NOW.value, _("In the portal, and by a mail of its own at once")),
]


class RoomsField(forms.ModelMultipleChoiceField[ChatDestination]):
    def label_from_instance(self, obj: Any) -> str:
        if not obj.audience_note:
            return str(obj.name)
        return _("%(room)s, read by %(readers)s") % {"room": obj.name, "readers": obj.audience_note}


class LocalDateTime(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class AnnouncementForm(Guarded, forms.ModelForm[Announcement]):
    """One announcement with its translation; for what is published also what is said about the change."""

    guarded: ClassVar[tuple[str, ...]] = ("title", "text", "other_title", "other_text")

    audience = AudienceField()
    other_title = forms.CharField(label=_("Title in the other language"), max_length=150, required=False)
    other_text = forms.CharField(
        label=_("Text in the other language"),
        required=False,
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    mail = forms.ChoiceField(label=_("How people hear of it"), choices=WAYS, widget=forms.RadioSelect)
    rooms = RoomsField(
        queryset=ChatDestination.objects.none(),
        label=_("Chat rooms"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Title, first words and a link are posted there when it is published."),
    )
    note = forms.CharField(
        label=_("What changed"),
        max_length=300,
        required=False,
        help_text=_("One sentence for the history. Strategists see it."),
    )
    ask_again = forms.BooleanField(label=_("Ask everybody to confirm again"), required=False)

    class Meta:
        model = Announcement
        fields = [
            "language", "title", "text", "audience", "is_pinned", "must_read", "due_on", "comments_on", "mail",
            "publish_at", "expires_at",
        ]  # fmt: skip
        labels = {
            "language": _("Written in"),
            "text": _("Text"),
            "is_pinned": _("Keep at the top of the home page"),
            "must_read": _("Everybody confirms that they have read it"),
            "due_on": _("Confirm by"),
            "comments_on": _("Readers may comment"),
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

    def __init__(self, *args: Any, confirmed_by: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].validators.append(MaxLengthValidator(LONGEST_TEXT))
        rooms = ChatDestination.objects.taking("announcement")
        self.fields["rooms"].queryset = rooms  # type: ignore[attr-defined]
        in_zone = _("In your time zone, %(zone)s.") % {"zone": timezone.get_current_timezone_name()}
        for name in ["publish_at", "expires_at"]:
            self.fields[name].help_text = f"{in_zone} {self.fields[name].help_text}".strip()
        self._leave_out(has_rooms=rooms.exists(), confirmed_by=confirmed_by)

    def _leave_out(self, *, has_rooms: bool, confirmed_by: int) -> None:
        """What has no meaning in this state."""
        if self.instance.state == State.PUBLISHED:
            del self.fields["publish_at"]
            self.fields["ask_again"].help_text = ngettext(
                "%(n)d person has confirmed and would be asked again.",
                "%(n)d people have confirmed and would be asked again.",
                confirmed_by,
            ) % {"n": confirmed_by}
        else:
            del self.fields["note"], self.fields["ask_again"]
        if self.instance.state == State.PUBLISHED or not has_rooms:
            del self.fields["rooms"]
        if self.instance.state == State.PUBLISHED and not self.instance.must_read:
            del self.fields["ask_again"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        publish_at, expires_at = data.get("publish_at"), data.get("expires_at")
        if not publish_at and self.instance.state == State.SCHEDULED:
            self.add_error("publish_at", _("It is scheduled. Choose a time, or make it a draft again first."))
        if publish_at and publish_at <= timezone.now():
            self.add_error("publish_at", _("This time has passed. Choose a later one or leave it empty."))
        if expires_at and expires_at <= (publish_at or timezone.now()):
            self.add_error("expires_at", _("It must be taken down after it is published."))
        if data.get("due_on") and not data.get("must_read"):
            self.add_error("due_on", _("A date to confirm by needs “Everybody confirms” ticked."))
        if bool(data.get("other_title")) != bool(data.get("other_text")):
            missing = "other_text" if data.get("other_title") else "other_title"
            self.add_error(missing, _("A translation needs both title and text. Leave both empty if there is none."))
        return data

    @property
    def own_fields(self) -> dict[str, Any]:
        """What is the announcement's own, as `save` takes it."""
        apart = {"other_title", "other_text", "rooms", "note", "ask_again"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    @property
    def translations(self) -> Mapping[str, Mapping[str, str]]:
        data = self.cleaned_data
        if not data.get("other_title"):
            return {}
        return {other_language(data["language"]): {"title": data["other_title"], "text": data["other_text"]}}


def other_language(language: str) -> str:
    return next(code for code, _name in settings.LANGUAGES if code != language)


class CommentForm(Guarded, forms.Form):
    """What is confirmed to be no patient information is held until a strategist has looked at it."""

    guarded: ClassVar[tuple[str, ...]] = ("text",)

    text = forms.CharField(
        label=_("Your comment"),
        validators=[MaxLengthValidator(LONGEST_COMMENT)],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Everybody who can read the announcement sees it, with your name. Leave out anything about patients."
        ),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person who wrote it is told."),
    )


class FlagForm(forms.Form):
    reason = forms.CharField(
        label=_("What is wrong with it?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only strategists see what you write here."),
    )
