from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from metrics.collection.models import Metric


class FigureForm(forms.Form):
    metric = forms.ModelChoiceField(Metric.objects.all(), label=_("Metric"), to_field_name="key")
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    value = forms.DecimalField(
        label=_("Value"),
        required=False,
        max_digits=16,
        decimal_places=4,
        help_text=_("Leave it empty to take back what was entered for this day."),
    )
    evidence_url = forms.URLField(
        label=_("Evidence"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Where the figure can be seen: a public page, or a screenshot in your files."),
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        value, metric = cleaned.get("value"), cleaned.get("metric")
        if value is not None and value < 0 and metric and metric.key != "new_followers":
            self.add_error("value", _("Only new followers can be negative."))
        return cleaned
