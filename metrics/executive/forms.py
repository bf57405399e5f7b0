from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.executive.models import Ask


class AskForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Ask
        fields: ClassVar[list[str]] = ["title", "reason", "amount", "needed_by"]
        widgets: ClassVar[dict[str, Any]] = {
            "reason": forms.Textarea(attrs={"rows": 4}),
            "needed_by": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "title": _("One sentence that can be answered with yes or no."),
            "reason": _("What it makes possible, and what happens without it."),
            "amount": _("In dollars; leave empty if it costs nothing."),
        }


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(label=_("Decision"), choices=Ask.Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept with the decision, whatever it is.")
    )
