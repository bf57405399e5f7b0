import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coe_portal.guard.forms import no_patient
from coe_portal.people.models import User
from coe_portal.personal import Retention
from coe_portal.privacy.models import Purge
from coe_portal.privacy.patterns import SHORTEST
from coe_portal.privacy.queries.holds import kinds, person_by_email

MOST_WORDS = 100
HEADING_MARKS = re.compile(r"^\s*#{1,6}\s+|\s*\{#[a-z0-9_-]+\}\s*$")
DATE = {"type": "date"}


def _kind_choices() -> list[tuple[str, Any]]:
    return [("", _("Every kind")), *kinds()]


class PersonEmailField(forms.EmailField):
    """Says who is meant; the cleaned value is the person."""

    def clean(self, value: Any) -> User | None:
        email = super().clean(value)
        if not email:
            return None
        found = person_by_email(email)
        if found is None:
            raise ValidationError(_("Nobody has this e-mail address. Look it up under People."))
        return found


class HoldForm(forms.Form):
    """What is kept: all that is filled in must fit."""

    person = PersonEmailField(label=_("Person (e-mail address)"), required=False)
    kind = forms.ChoiceField(label=_("Kind of data"), required=False, choices=_kind_choices)
    since = forms.DateField(label=_("Data from"), required=False, widget=forms.DateInput(attrs=DATE))
    until = forms.DateField(label=_("Data until"), required=False, widget=forms.DateInput(attrs=DATE))
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The matter or its number. Everybody who may see holds reads it.")
    )
    ends_on = forms.DateField(
        label=_("Ends on"),
        required=False,
        widget=forms.DateInput(attrs=DATE),
        help_text=_("Empty: until somebody releases it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("person", "kind", "since", "until")):
            raise ValidationError(_("Say what is to be kept: a person, a kind of data or a period."))
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", _("This is before the first day."))
        return cleaned


class PeriodForm(forms.Form):
    """How many days a kind of data stays."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=36_500)

    def __init__(self, *args: Any, rule: Retention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        if days < self.rule.least:
            raise ValidationError(
                _("The law or the portal needs at least %(least)s days here."), params={"least": self.rule.least}
            )
        return days


class ProposalForm(forms.Form):
    person = PersonEmailField(label=_("Person (e-mail address)"))
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("For the privacy officer. Do not name the person.")
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Why not"), max_length=300, help_text=_("The administrator who proposed it reads this.")
    )


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you need the name"),
        max_length=300,
        help_text=_("It stays in the audit trail, with your name."),
        validators=[no_patient],
    )


class PurgeForm(forms.Form):
    """`words` are removed wherever they stand, whoever wrote them."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Purge.Reason.choices)
    words = forms.CharField(
        label=_("Words that must not remain anywhere"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "One name, number or phrase a line. They also go from quotes, drafts, notifications and any other text."
        ),
    )

    def __init__(self, *args: Any, words_needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = words_needed

    def clean_words(self) -> list[str]:
        """Without what makes a heading of a policy one: who copies it means its words."""
        lines = [HEADING_MARKS.sub("", line.replace("\x00", "")) for line in self.cleaned_data["words"].splitlines()]
        words = list(dict.fromkeys(words for line in lines if (words := " ".join(line.split()))))
        short = [line for line in words if len(line) < SHORTEST]
        if short:
            raise ValidationError(
                _("“%(word)s” is too short: it would be removed from texts that have nothing to do with this."),
                params={"word": short[0]},
            )
        if len(words) > MOST_WORDS:
            raise ValidationError(_("At most %(most)s lines."), params={"most": MOST_WORDS})
        return words
