"""What people type. Every form that carries a text is looked through by the guard before it is valid."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.guard.forms import Guarded
from coe_portal.people.forms import AudienceField
from coe_portal.people.models import Audience, Department
from feedback.models import RESERVED_SLUGS, Authorisation, Category, Flag, Story, Topic
from feedback.queries.rooms import Room

LONGEST_TEXT = 20_000
MARKDOWN_HELP = _("You can use Markdown: **bold**, lists with a dash, [links](https://example.org).")


def text_area(rows: int = 8) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class WrittenForm(Guarded, forms.Form):
    """What is confirmed to be no patient information is held for review."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ReplyForm(WrittenForm):
    guarded = ("text",)

    text = forms.CharField(
        label=_("Your reply"),
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=text_area(5),
        help_text=MARKDOWN_HELP,
    )


class TopicForm(WrittenForm):
    guarded = ("title", "text")

    title = forms.CharField(label=_("Title"), min_length=8, max_length=160)
    text = forms.CharField(
        label=_("What do you want to talk about?"),
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=text_area(),
        help_text=MARKDOWN_HELP,
    )


class EditForm(WrittenForm):
    guarded = ("title", "text")

    title = forms.CharField(label=_("Title"), min_length=8, max_length=160)
    text = forms.CharField(
        label=_("Text"), validators=[MaxLengthValidator(LONGEST_TEXT)], widget=text_area(), help_text=MARKDOWN_HELP
    )

    def __init__(self, *args: Any, with_title: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_title:
            del self.fields["title"]


SUGGESTING = {
    "form": "ask",
    "autocomplete": "off",
    "data-hx-get": reverse_lazy("feedback:suggestions"),
    "data-hx-trigger": "input changed delay:300ms",
    "data-hx-target": "#suggestions",
    "data-hx-include": "#ask [name=key]",
}


class AskForm(WrittenForm):
    """The question stands outside its form on the page, so that suggestions can stand below it."""

    guarded = ("title", "text")

    title = forms.CharField(
        label=_("Your question"),
        help_text=_("One sentence. Leave out anything that could identify a patient."),
        min_length=8,
        max_length=160,
        widget=forms.TextInput(attrs=SUGGESTING),
    )
    text = forms.CharField(
        label=_("What should we know?"),
        help_text=_("The situation, the network, what you have tried."),
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=text_area(6),
        required=False,
    )
    category = forms.ChoiceField(label=_("Category"))
    url = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    about = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rooms: list[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(room.slug, room.name) for room in rooms]  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        """Only a page of this portal can be what a question is about."""
        url: str = self.cleaned_data["url"]
        return url if url.startswith("/") and not url.startswith(("//", "/\\")) else ""


class StoryForm(WrittenForm):
    guarded = ("title", "text", "contact")

    title = forms.CharField(label=_("Headline"), help_text=_("What would make somebody read on?"), max_length=160)
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("Who did what, when, and why it matters. Describe patients without anything that identifies them."),
        validators=[MaxLengthValidator(10_000)],
        widget=text_area(),
    )
    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"))
    contact = forms.CharField(
        label=_("Whom can we talk to?"), help_text=_("A colleague and a way to reach them at work."), max_length=200
    )
    shows_patient = forms.TypedChoiceField(
        label=_("Does it show or name a patient?"),
        help_text=_("Then a signed authorisation is needed before anything is published. We help with the form."),
        choices=[("no", _("No, nobody can be recognised")), ("yes", _("Yes, in words, picture, sound or video"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.order_by("name")  # type: ignore[attr-defined]


class StoryStepForm(forms.Form):
    """One move of a story; which fields count depends on the state."""

    state = forms.ChoiceField(choices=Story.State.choices, widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note for the submitter"), max_length=300, required=False)
    scheduled_for = forms.DateField(
        label=_("Day on which it is to appear"),
        help_text=_("Needed to schedule it."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    published_url = forms.URLField(
        label=_("Address where it was published"),
        help_text=_("Needed to mark it as published."),
        max_length=300,
        required=False,
        assume_scheme="https",
    )


class AuthorisationForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Authorisation
        fields = ("signer", "reference", "scope", "expires_on")
        widgets = {"expires_on": forms.DateInput(attrs={"type": "date"})}
        help_texts = {
            "reference": _("From the privacy office's register. Do not write the patient's name here."),
            "scope": _("For example: photograph and first name, on our own channels."),
        }

    def clean_expires_on(self) -> Any:
        expires = self.cleaned_data["expires_on"]
        if expires < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return expires


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    audience = AudienceField(about=_("Nobody else learns that the category exists."))

    class Meta:
        model = Category
        fields = ("name", "slug", "description", "audience", "starters", "position")
        help_texts = {
            "slug": _("The last part of its address: lower-case letters, digits and dashes."),
            "position": _("Categories are shown from the lowest number to the highest."),
        }

    def __init__(self, *args: Any, audience_ids: frozenset[int], **kwargs: Any) -> None:
        """Nobody can give a room to people among whom they are not: they could not see it any more."""
        super().__init__(*args, **kwargs)
        self.fields["audience"].queryset = Audience.objects.with_sizes().filter(pk__in=audience_ids)  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise forms.ValidationError(_("This word is an address of its own. Choose another one."))
        return slug


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("The author sees it."), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class FlagForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong with it?"), choices=Flag.Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Anything to add?"), max_length=300, required=False)


class VerifyForm(forms.Form):
    until = forms.DateField(
        label=_("Verified until"),
        help_text=_("After that day it comes back to you for a fresh look."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return until


class MoveForm(forms.Form):
    category = forms.ModelChoiceField(Category.objects.none(), label=_("New category"))

    def __init__(self, *args: Any, topic: Topic, categories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories.exclude(pk=topic.category_id)  # type: ignore[attr-defined]


class DuplicateForm(forms.Form):
    original = forms.CharField(
        label=_("Address or number of the question that was asked before"),
        help_text=_("Copy it from the address bar of that question."),
        max_length=300,
    )

    def clean_original(self) -> int:
        """The last number in what was pasted: "/feedback/topics/12/?page=2" and "12" both mean topic 12."""
        path = self.cleaned_data["original"].partition("?")[0].partition("#")[0]
        numbers = [part for part in path.split("/") if part.isdecimal() and len(part) < 19]
        if not numbers:
            raise forms.ValidationError(_("There is no number of a question in it."))
        return int(numbers[-1])
