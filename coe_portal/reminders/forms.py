from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coe_portal.reminders.models import Thresholds


class ThresholdsForm(forms.ModelForm[Thresholds]):
    class Meta:
        model = Thresholds
        fields = ["coordinator_after_days", "manager_after_days"]
        labels = {
            "coordinator_after_days": gettext_lazy("Days past due until the coordinator is told"),
            "manager_after_days": gettext_lazy("Days past due until the manager is told"),
        }
        help_texts = {
            "coordinator_after_days": gettext_lazy(
                "Once a week, how many people, with a link to the department's page."
            ),
            "manager_after_days": gettext_lazy("Once a week, by name, and only what is mandatory."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        coordinator, manager = cleaned.get("coordinator_after_days"), cleaned.get("manager_after_days")
        if coordinator and manager and manager < coordinator:
            raise ValidationError(
                {
                    "manager_after_days": _(
                        "The manager comes after the coordinator. Choose the same number or a larger one."
                    )
                }
            )
        return cleaned
