"""allauth's forms in our words."""

from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import User


class PortalLoginForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)


class PortalResetPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        """Somebody who signs in through the organisation has no password to reset, and the answer does not say so."""
        email: str = super().clean_email()
        self.users: list[User] = [user for user in self.users if _has_or_needs_password(user)]
        return email


class PortalAddEmailForm(AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs.pop("placeholder", None)


def _has_or_needs_password(person: User) -> bool:
    return person.has_usable_password() or not SocialAccount.objects.filter(user=person).exists()
