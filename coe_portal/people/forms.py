from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Role
from coe_portal.people.models import Audience, Department, Membership, RoleGrant, User

INDENT = "\u2003"


class DepartmentField(forms.ModelChoiceField[Department]):
    """Departments in the order of the tree, indented by depth."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Department.objects.with_tree_fields(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{INDENT * obj.tree_depth}{obj.name}"


class DepartmentsField(forms.ModelMultipleChoiceField[Department]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{INDENT * obj.tree_depth}{obj.name}"


def _date(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class FilterForm(forms.Form):
    """What the list of people is narrowed to; every part may be left out."""

    text = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Any")), *Role.choices])
    department = DepartmentField(label=_("Department and below"), required=False, empty_label=_("Any"))
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Active")), ("left", _("Deactivated")), ("all", _("All"))]
    )


class PersonForm(forms.ModelForm[User]):
    department = DepartmentField(label=_("Department"))

    class Meta:
        model = User
        fields = ["name", "email", "job_title", "kind"]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody with this e-mail address is here already."))
        return email


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    branch = DepartmentField(label=_("For"), required=False, empty_label=_("the whole organisation"))
    starts = _date(_("From"), initial=timezone.localdate)
    ends = _date(_("Until"), required=False, help_text=_("Leave it empty where no end is known."))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The end must be after the beginning."))
        same = (
            RoleGrant.objects.on(starts).filter(person=self.person, role=data.get("role"), branch=data.get("branch"))
            if starts
            else RoleGrant.objects.none()
        )
        if same.exists():
            self.add_error("role", _("%(name)s has this role already.") % {"name": self.person.name})
        return data


class MembershipForm(forms.Form):
    department = DepartmentField(label=_("Department"))
    starts = _date(_("From"), initial=timezone.localdate)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("department") and data.get("starts") and self._overlaps(data):
            self.add_error("department", _("%(name)s belongs to this department then.") % {"name": self.person.name})
        return data

    def _overlaps(self, data: dict[str, Any]) -> bool:
        same = Membership.objects.filter(person=self.person, department=data["department"])
        return bool(same.exclude(ends__isnull=False, ends__lte=data["starts"]).exists())


class DepartmentForm(forms.ModelForm[Department]):
    parent = DepartmentField(label=_("Below"), required=False, empty_label=_("nothing: a root of the tree"))

    class Meta:
        model = Department
        fields = ["name", "code", "parent", "location"]
        help_texts = {"code": _("The department's key in your directory or payroll.")}


class AudienceForm(forms.ModelForm[Audience]):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of employee"), choices=User.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    branches = DepartmentsField(
        label=_("Departments and those below"), queryset=Department.objects.none(), required=False,
        widget=forms.SelectMultiple(attrs={"size": 12}),
    )  # fmt: skip

    class Meta:
        model = Audience
        fields = ["name", "kinds", "branches", "roles"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branches"].queryset = Department.objects.with_tree_fields()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not (data.get("roles") or data.get("kinds") or data.get("branches")):
            raise forms.ValidationError(
                _("Choose at least one kind, department or role. For all people there is “Everyone” already.")
            )
        return data
