from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import OF_THE_WHOLE, Role, today
from coe_portal.people.forms.fields import DepartmentField, date_field
from coe_portal.people.models import User


def check_reach(form: forms.BaseForm, roles: Collection[str]) -> None:
    """Marks the field `branch` of a form where one of the roles is only given for the whole organisation."""
    if form.cleaned_data.get("branch") and OF_THE_WHOLE.intersection(roles):
        told = _("Privacy officers and administrators work for the whole organisation. Leave this empty.")
        form.add_error("branch", told)


class GrantForm(forms.Form):
    """Whether it overlaps with a role that is there already is asked when it is given."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    branch = DepartmentField(
        label=_("For"),
        required=False,
        empty_label=_("the whole organisation"),
        help_text=_("The role reaches the records of people, and the channels, of this department and those below it."),
    )
    starts = date_field(_("From"), initial=today)
    ends = date_field(_("Until"), required=False, help_text=_("The first day without it. Empty where no end is known."))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The end must be after the beginning."))
        check_reach(self, [data.get("role", "")])
        return data


class EndForm(forms.Form):
    ends = date_field(_("Until"), required=False, help_text=_("The first day without it. Empty where no end is known."))

    def __init__(self, *args: Any, starts: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts = starts

    def clean_ends(self) -> date | None:
        ends: date | None = self.cleaned_data["ends"]
        if ends and ends <= self.starts:
            raise forms.ValidationError(_("The end must be after the beginning."))
        if ends and ends < today():
            raise forms.ValidationError(_("What was so is not rewritten. Choose today or a later day."))
        return ends


class RoleFilterForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Any")), *Role.choices])
    branch = DepartmentField(label=_("For this department or below"), required=False, empty_label=_("Any"))
    day = date_field(_("On"), required=False)
    only = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("All")), ("delegated", _("Handed on for a while"))]
    )
