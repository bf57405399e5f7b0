"""allauth's forms in our words."""

from collections.abc import Mapping
from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coe_portal.identity.actions.passwords import ask_for_link

NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password, once more")}


class InOurWords(forms.Form):
    """Nothing in a field that only says its label again."""

    labels: Mapping[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)


class PortalLoginForm(InOurWords, LoginForm):  # type: ignore[misc]
    labels = {"login": _("E-mail")}


class PortalReauthenticateForm(InOurWords, ReauthenticateForm):  # type: ignore[misc]
    pass


class PortalChangePasswordForm(InOurWords, ChangePasswordForm):  # type: ignore[misc]
    labels = {"oldpassword": _("Current password"), **NEW_PASSWORD}


class PortalResetPasswordKeyForm(InOurWords, ResetPasswordKeyForm):  # type: ignore[misc]
    labels = NEW_PASSWORD


class PortalResetPasswordForm(InOurWords, ResetPasswordForm):  # type: ignore[misc]
    """The answer is the same for every address, and so is the time that it takes."""

    labels = {"email": _("E-mail")}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        address = str(self.cleaned_data["email"])
        ask_for_link(address=address)
        return address


class PortalAddEmailForm(InOurWords, AddEmailForm):  # type: ignore[misc]
    labels = {"email": _("E-mail")}
