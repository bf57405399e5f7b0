"""One small form a kind of condition. What they offer is read once a page, however many conditions there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Role
from coe_portal.people.forms.fields import INDENT
from coe_portal.people.models import Audience, Department, User
from coe_portal.people.rules import LONGEST_TEXT, MOST_VALUES, Condition

Choices = Sequence[tuple[Any, Any]]
MOST_LOCATIONS = 500


@dataclass(frozen=True)
class Vocabulary:
    """What conditions can name."""

    departments: Choices
    locations: Choices
    audiences: Choices


def vocabulary_for(audience: Audience) -> Vocabulary:
    """Three queries."""
    departments = Department.objects.filter(closed_on=None).with_tree_fields()
    people = User.objects.active().exclude(location="").order_by("location")
    others = Audience.objects.filter(is_everyone=False).exclude(pk=audience.pk).order_by("name")
    return Vocabulary(
        departments=[(str(each.pk), f"{INDENT * each.tree_depth}{each.name}") for each in departments],
        locations=[(each, each) for each in people.values_list("location", flat=True).distinct()[:MOST_LOCATIONS]],
        audiences=[(str(pk), name) for pk, name in others.values_list("pk", "name")],
    )


class ConditionForm(forms.Form):
    about: ClassVar[str]
    label: ClassVar[Any]

    def __init__(self, *args: Any, words: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(words)

    def offer(self, words: Vocabulary) -> None:
        """Set the choices."""

    def condition(self) -> Condition:
        """Of a valid form."""
        return Condition(self.about, tuple(self.cleaned_data["values"]))

    @classmethod
    def fields_of(cls, condition: Condition) -> dict[str, list[str]]:
        """What was chosen, as it would be sent."""
        return {"values": [str(each) for each in condition.values]}


class RoleForm(ConditionForm):
    about, label = "role", _("Role")
    values = forms.MultipleChoiceField(
        label=_("Has one of these roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    branch = forms.ChoiceField(
        label=_("Given for"), required=False, help_text=_("This department or one below it. Empty: wherever it is.")
    )

    def offer(self, words: Vocabulary) -> None:
        self.fields["branch"].choices = [("", _("Anywhere")), *words.departments]  # type: ignore[attr-defined]

    def condition(self) -> Condition:
        branch = self.cleaned_data["branch"]
        return Condition("role", tuple(self.cleaned_data["values"]), branch=int(branch) if branch else None)

    @classmethod
    def fields_of(cls, condition: Condition) -> dict[str, list[str]]:
        branch = [] if condition.branch is None else [str(condition.branch)]
        return {**super().fields_of(condition), "branch": branch}


class DepartmentForm(ConditionForm):
    about, label = "department", _("Department")
    values = forms.MultipleChoiceField(
        label=_("Works in one of these or below"), widget=forms.SelectMultiple(attrs={"size": 8})
    )

    def offer(self, words: Vocabulary) -> None:
        self.fields["values"].choices = words.departments  # type: ignore[attr-defined]

    def clean_values(self) -> list[int]:
        return [int(each) for each in self.cleaned_data["values"]][:MOST_VALUES]


class KindForm(ConditionForm):
    about, label = "kind", _("Kind of employee")
    values = forms.MultipleChoiceField(
        label=_("Is one of these"), choices=User.Kind.choices, widget=forms.CheckboxSelectMultiple
    )


class HiredForm(ConditionForm):
    about, label = "hired", _("Day of hiring")
    how = forms.ChoiceField(
        label=_("Was hired"),
        choices=[("within", _("in the last days")), ("before", _("before a day")), ("since", _("on a day or later"))],
    )
    days = forms.IntegerField(label=_("Days"), required=False, min_value=1, max_value=36_500)
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        wanted = "days" if data.get("how") == "within" else "day"
        if not data.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, _("Say how many days.") if wanted == "days" else _("Say which day."))
        return data

    def condition(self) -> Condition:
        how, day = self.cleaned_data["how"], self.cleaned_data["day"]
        value = self.cleaned_data["days"] if how == "within" else day.isoformat()
        return Condition("hired", (value,), how=how)

    @classmethod
    def fields_of(cls, condition: Condition) -> dict[str, list[str]]:
        name = "days" if condition.how == "within" else "day"
        return {"how": [condition.how], name: [str(condition.values[0])]}


class LocationForm(ConditionForm):
    about, label = "location", _("Location")
    values = forms.MultipleChoiceField(label=_("Is at one of these"), widget=forms.SelectMultiple(attrs={"size": 5}))

    def offer(self, words: Vocabulary) -> None:
        self.fields["values"].choices = words.locations  # type: ignore[attr-defined]


class TitleForm(ConditionForm):
    about, label = "title", _("Job title")
    values = forms.CharField(
        label=_("The job title contains"),
        max_length=500,
        help_text=_("With commas between, any of them counts."),
    )

    def clean_values(self) -> list[str]:
        words = [" ".join(word.split()) for word in self.cleaned_data["values"].split(",")]
        if any(len(word) > LONGEST_TEXT for word in words):
            raise forms.ValidationError(_("One of these is too long."))
        if not any(words):
            raise forms.ValidationError(_("Say which words."))
        return [word for word in words if word]

    @classmethod
    def fields_of(cls, condition: Condition) -> dict[str, list[str]]:
        return {"values": [", ".join(str(each) for each in condition.values)]}


class ManagerForm(ConditionForm):
    about, label = "manager", _("Manager")
    how = forms.ChoiceField(
        label=_("In the directory"), choices=[("yes", _("has a manager")), ("no", _("has no manager"))]
    )

    def condition(self) -> Condition:
        return Condition("manager", how=self.cleaned_data["how"])

    @classmethod
    def fields_of(cls, condition: Condition) -> dict[str, list[str]]:
        return {"how": [condition.how]}


class AudienceForm(ConditionForm):
    about, label = "audience", _("Other audience")
    values = forms.MultipleChoiceField(
        label=_("Is in one of these audiences"), widget=forms.SelectMultiple(attrs={"size": 5})
    )

    def offer(self, words: Vocabulary) -> None:
        self.fields["values"].choices = words.audiences  # type: ignore[attr-defined]

    def clean_values(self) -> list[int]:
        return [int(each) for each in self.cleaned_data["values"]]


FORMS: Mapping[str, type[ConditionForm]] = {
    form.about: form
    for form in (DepartmentForm, KindForm, RoleForm, TitleForm, LocationForm, HiredForm, ManagerForm, AudienceForm)
}


def as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
