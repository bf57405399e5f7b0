"""What people type about policies."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.guard.findings import WORDS, Kind
from coe_portal.people.access import Role
from coe_portal.people.forms import AudienceField
from coe_portal.people.models import User
from policies.models import Change, Policy, Review, Topic, Version
from policies.queries.rules import clause_choices
from policies.text import duplicate_anchors, parse, with_anchors

RESERVED_SLUGS = {"check", "new", "receipts", "workspace"}
LONGEST_TEXT = 200_000
LONGEST_POST = 10_000


class FilterForm(forms.Form):
    """The list's address: what is searched, of which topic, signed or not. A wrong value shows everything."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[("", _("All topics")), *Topic.choices])
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), ("to-sign", _("To sign")), ("signed", _("Signed")), ("to-read", _("To read only"))],
    )

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    audience = AudienceField(about=_("Who may read it, and who is asked to sign it."))

    class Meta:
        model = Policy
        fields = (
            "title", "slug", "topic", "owner", "audience", "must_acknowledge", "days_to_acknowledge", "quorum",
            "review_due",
        )  # fmt: skip
        widgets = {"review_due": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "slug": _("The last part of the link, such as social-media. It never changes afterwards."),
            "must_acknowledge": _("Everybody in the audience is asked to sign each material version."),
            "days_to_acknowledge": _("Counted from publishing, and for new colleagues from their first day."),
            "quorum": _("How many strategists, beside the writers, must approve a version."),
            "review_due": _("The owner and the strategists are reminded a month before."),
        }
        labels = {"must_acknowledge": _("Readers must acknowledge it")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners: QuerySet[User] = User.objects.active().with_role(
            Role.STRATEGIST, Role.PRIVACY_OFFICER, Role.EXECUTIVE, on=timezone.localdate()
        )
        self.fields["owner"].queryset = owners.order_by("name")  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["slug"]
            del self.fields["title"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("This address is taken by a page of the portal."))
        return slug


class WordingForm(forms.ModelForm):  # type: ignore[type-arg]
    """The editor. `edition` is the one the writer started from."""

    edition = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Version
        fields = ("title", "summary", "text", "change", "change_note")
        widgets = {
            "summary": forms.Textarea({"rows": 3, "maxlength": 600}),
            "text": forms.Textarea({"rows": 28, "class": "policy-editor", "spellcheck": "true"}),
            "change": forms.RadioSelect,
            "change_note": forms.Textarea({"rows": 3, "maxlength": 1000}),
        }
        help_texts = {
            "summary": _("Two or three sentences that a new colleague understands at once."),
            "change": _(
                "Material: everybody signs again. Minor: earlier signatures still count. The approver confirms it."
            ),
            "change_note": _("One or two sentences for readers. Not needed for the first version."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary"].required = self.fields["text"].required = True
        self.fields["change"].choices = Change.choices  # type: ignore[attr-defined]
        if self.instance.previous_id is None:
            del self.fields["change"]
            del self.fields["change_note"]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\x00", "")
        if len(text) > LONGEST_TEXT:
            raise ValidationError(_("This text is longer than the portal can hold."))
        if doubled := duplicate_anchors(text):
            raise ValidationError(_("Two clauses share the address {%(anchor)s}."), params={"anchor": f"#{doubled[0]}"})
        if text.strip() and not parse(with_anchors(text)).clauses:
            raise ValidationError(
                _("There is no clause yet. A clause begins with a line such as “## Say whom you work for”.")
            )
        return text


class DecisionForm(forms.Form):
    edition = forms.IntegerField(widget=forms.HiddenInput)
    change = forms.ChoiceField(
        label=_("I confirm that this change is"), choices=Change.choices, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Needed when you send it back."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Only an approval confirms the kind of change; who sends it back may not agree with it."""
        super().__init__(*args, **kwargs)
        self.fields["change"].required = self.data.get("decision") != Review.Decision.SEND_BACK


class PublishForm(forms.Form):
    acknowledge_by = forms.DateField(
        label=_("Sign by"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Leave it empty for the policy's usual number of days."),
    )

    def clean_acknowledge_by(self) -> Any:
        chosen = self.cleaned_data["acknowledge_by"]
        if chosen and chosen <= timezone.localdate():
            raise ValidationError(_("Choose a day after today, so that people have time to read."))
        return chosen


class CheckForm(forms.Form):
    """A draft post. Nothing of it is stored."""

    NETWORKS = (
        ("", _("Any network")),
        ("facebook", "Facebook"),
        ("instagram", "Instagram"),
        ("linkedin", "LinkedIn"),
        ("x", "X"),
        ("tiktok", "TikTok"),
        ("youtube", "YouTube"),
        ("bluesky", "Bluesky"),
        ("mastodon", "Mastodon"),
        ("review", _("A review site")),
    )
    AUTHORS = (("own", _("My own account")), ("official", _("An official account of ours")))

    text = forms.CharField(
        label=_("Your draft"),
        max_length=LONGEST_POST,
        widget=forms.Textarea({"rows": 9, "autocomplete": "off"}),
        help_text=_("It is read once and forgotten: nothing is stored, nothing is logged."),
    )
    network = forms.ChoiceField(label=_("Where"), required=False, choices=NETWORKS)
    author = forms.ChoiceField(label=_("From"), choices=AUTHORS, widget=forms.RadioSelect, initial="own")
    paid = forms.BooleanField(label=_("I was paid for it, or given something"), required=False)
    answer = forms.BooleanField(label=_("It answers a review or a comment"), required=False)


class RulesForm(forms.Form):
    """For each kind of finding the clause it points to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("No clause")), *clause_choices()]
        for kind in Kind:
            self.fields[kind] = forms.ChoiceField(label=str(WORDS[kind][0]), required=False, choices=choices)

    def chosen(self) -> dict[str, tuple[int, str]]:
        pairs = {kind: value.partition("#") for kind, value in self.cleaned_data.items() if value}
        return {kind: (int(policy_id), anchor) for kind, (policy_id, _hash, anchor) in pairs.items()}
