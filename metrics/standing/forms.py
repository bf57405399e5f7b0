from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.standing.models import Comparator, Round
from metrics.standing.owyang import MODELS
from metrics.standing.statements import CANNOT_JUDGE, SCALE, STATEMENTS


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class RatingForm(forms.Form):
    """One choice a statement; what cannot be judged is left out of the answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(value), label) for value, label in SCALE] + [("none", _("I cannot judge"))]
        for statement in STATEMENTS:
            self.fields[statement.key] = forms.ChoiceField(
                label=statement.text,  # type: ignore[arg-type]
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one; “I cannot judge” is a good answer, too.")},
            )

    def answers(self) -> dict[str, int]:
        given = {key: value for key, value in self.cleaned_data.items() if value not in {"none", CANNOT_JUDGE}}
        return {key: int(value) for key, value in given.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and all(value == "none" for value in cleaned.values()):
            raise forms.ValidationError(_("Judge at least one statement, or come back when you can."))
        return cleaned


class RoundForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Round
        fields: ClassVar[list[str]] = ["name", "opens", "closes"]
        widgets: ClassVar[dict[str, Any]] = {"opens": _day(), "closes": _day()}
        help_texts: ClassVar[dict[str, Any]] = {"name": _("For example: Autumn 2026.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes < opens:
            self.add_error("closes", _("A round cannot close before it opens."))
        return cleaned


class ComparatorForm(forms.ModelForm):  # type: ignore[type-arg]
    source_url = forms.URLField(label=_("Address of the source"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Comparator
        fields: ClassVar[list[str]] = [
            "name", "employees", "team", "model", "moving_to", "note", "source", "source_url", "checked_on",
        ]  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {"checked_on": _day(), "note": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar[dict[str, Any]] = {
            "checked_on": _("The day on which you opened the source and found these figures in it.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("not known")), *((model.key, model.name) for model in MODELS)]
        for name in ("model", "moving_to"):
            self.fields[name] = forms.ChoiceField(label=self.fields[name].label, choices=choices, required=False)
