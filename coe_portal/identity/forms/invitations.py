from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from coe_portal.identity.models import Invitation
from coe_portal.people.access import Role
from coe_portal.people.forms import DepartmentField
from coe_portal.people.forms.roles import check_reach
from coe_portal.people.models import User


class InvitationForm(forms.ModelForm[Invitation]):
    department = DepartmentField(label=_("Department"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave them all out for an employee like everybody else."),
    )  # fmt: skip
    branch = DepartmentField(
        label=_("Roles for"), required=False, empty_label=_("the whole organisation"),
        help_text=_("The roles reach this department and those below it."),
    )  # fmt: skip

    class Meta:
        model = Invitation
        fields = ["name", "email", "job_title", "kind", "department", "roles", "branch"]

    def __init__(self, *args: Any, with_roles: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_roles:
            del self.fields["roles"], self.fields["branch"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        check_reach(self, data.get("roles", []))
        return data

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody with this e-mail address is here already."))
        if Invitation.objects.open().filter(email=email).exists():
            raise forms.ValidationError(
                _("This address has an invitation already. Send that one again, or withdraw it first.")
            )
        return email


class AcceptForm(forms.Form):
    password = forms.CharField(
        label=_("Choose a password"), strip=False, max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 15 characters. A sentence is easy to remember and hard to guess."),
    )  # fmt: skip

    def __init__(self, *args: Any, invitation: Invitation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean_password(self) -> str:
        """Compared with the name and address that the invitation holds."""
        password = str(self.cleaned_data["password"])
        invited = self.invitation
        validate_password(password, User(email=invited.email, name=invited.name) if invited else None)
        return password
