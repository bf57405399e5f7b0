from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coe_portal.identity.models import EVERYBODY, SignInPolicy
from coe_portal.people.access import Role

LONGEST_HOURS = 7 * 24
# Name, label, least and most of each figure of a role.
FIGURES = [
    ("idle", _("Minutes without a click"), 5, LONGEST_HOURS * 60),
    ("absolute", _("Hours in all"), 1, LONGEST_HOURS),
    ("browsers", _("Browsers at once"), 1, 20),
]


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
    """Three figures for everybody, and three for each role that has its own; empty means as everybody."""

    def __init__(self, *args: Any, policy: SignInPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in [EVERYBODY, *Role.values]:
            stored = policy.session_limits.get(role, [None] * len(FIGURES))
            for (name, label, least, most), figure in zip(FIGURES, stored, strict=True):
                self.fields[f"{name}_{role}"] = forms.IntegerField(
                    label=label, min_value=least, max_value=most, initial=figure, required=role == EVERYBODY
                )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for role in Role.values:
            given = [figure for figure in self._figures(role) if figure is not None]
            if 0 < len(given) < len(FIGURES):
                self.add_error(
                    f"idle_{role}", gettext("Give all three figures, or none to treat the role as everybody.")
                )
        return data

    def _figures(self, role: str) -> tuple[int | None, ...]:
        return tuple(self.cleaned_data.get(f"{name}_{role}") for name, *_limits in FIGURES)

    @property
    def limits(self) -> dict[str, tuple[int, ...]]:
        found = {role: self._figures(role) for role in [EVERYBODY, *Role.values]}
        given = {role: tuple(each for each in figures if each is not None) for role, figures in found.items()}
        return {role: figures for role, figures in given.items() if figures}

    @property
    def rows(self) -> list[tuple[Any, list[Any]]]:
        """Who, and the fields."""
        labels = {EVERYBODY: _("Everybody"), **dict(Role.choices)}
        return [(label, [self[f"{name}_{role}"] for name, *_limits in FIGURES]) for role, label in labels.items()]
