from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coe_portal.identity.models import EVERYBODY, SignInPolicy
from coe_portal.people.access import Role

LONGEST_HOURS = 7 * 24


class SecondFactorForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles that need a second step"), choices=Role.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    grace_days = forms.IntegerField(
        label=_("Days to set it up"), min_value=0, max_value=90,
        help_text=_("Counted from the day somebody gets the role, or from today where the rule is new for a role."),
    )  # fmt: skip

    def __init__(self, *args: Any, policy: SignInPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"roles": policy.second_factor_roles, "grace_days": policy.grace_days}


class LimitsForm(forms.Form):
    """Two figures for everybody, and two for each role that has its own; empty means as everybody."""

    def __init__(self, *args: Any, policy: SignInPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in [EVERYBODY, *Role.values]:
            idle, absolute = policy.session_limits.get(role, (None, None))
            needed = role == EVERYBODY
            self.fields[f"idle_{role}"] = forms.IntegerField(
                label=_("Minutes without a click"), min_value=5,
                max_value=LONGEST_HOURS * 60, initial=idle, required=needed,
            )  # fmt: skip
            self.fields[f"absolute_{role}"] = forms.IntegerField(
                label=_("Hours in all"), min_value=1, max_value=LONGEST_HOURS,
                initial=absolute, required=needed,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for role in Role.values:
            if (data.get(f"idle_{role}") is None) != (data.get(f"absolute_{role}") is None):
                self.add_error(
                    f"idle_{role}", gettext("Give both figures, or leave both empty to treat the role as everybody.")
                )
        return data

    @property
    def limits(self) -> dict[str, tuple[int, int]]:
        data = self.cleaned_data
        return {
            role: (data[f"idle_{role}"], data[f"absolute_{role}"])
            for role in [EVERYBODY, *Role.values]
            if data[f"idle_{role}"] is not None
        }

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Who, and the two fields."""
        labels = {EVERYBODY: _("Everybody"), **dict(Role.choices)}
        return [(label, self[f"idle_{role}"], self[f"absolute_{role}"]) for role, label in labels.items()]
