from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Reach, within
from coe_portal.people.models import Department
from metrics.access import choose_among
from metrics.executive.models import Ask


class AskForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Ask
        fields: ClassVar[list[str]] = ["title", "reason", "department", "amount", "needed_by"]
        widgets: ClassVar[dict[str, Any]] = {
            "reason": forms.Textarea(attrs={"rows": 4}),
            "needed_by": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "title": _("One sentence that can be answered with yes or no."),
            "reason": _("What it makes possible, and what happens without it."),
            "amount": _("In dollars; leave empty if it costs nothing."),
        }

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "department", within(Department.objects.all(), reach, "pk"), reach)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(label=_("Decision"), choices=Ask.Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept with the decision, whatever it is.")
    )
