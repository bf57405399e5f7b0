from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Role
from coe_portal.people.forms.fields import DepartmentField
from coe_portal.people.models import User


class FilterForm(forms.Form):
    """What the list of people is narrowed to; every part may be left out."""

    text = forms.CharField(label=_("Name, e-mail or employee number"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Any")), *Role.choices])
    department = DepartmentField(label=_("Department and below"), required=False, empty_label=_("Any"))
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Active")), ("left", _("Deactivated")), ("all", _("All"))]
    )


class PersonForm(forms.ModelForm[User]):
    department = DepartmentField(label=_("Department"))

    class Meta:
        model = User
        fields = ["name", "email", "job_title", "kind", "employee_number"]
        help_texts = {"employee_number": _("As in your directory or payroll, if they are in it.")}

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody with this e-mail address is here already."))
        return email
