from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import token_scopes

LASTING = [("90", _("3 months")), ("365", _("1 year")), ("730", _("2 years"))]


def _scopes() -> list[tuple[str, Any]]:
    return [(scope.key, scope.label) for scope in token_scopes().values()]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("The program that will use it, such as “Entra ID”.")
    )
    scopes = forms.MultipleChoiceField(label=_("What it opens"), choices=_scopes, widget=forms.CheckboxSelectMultiple)
    lasting = forms.ChoiceField(label=_("Good for"), choices=LASTING, initial="365")

    def expires_at(self) -> datetime:
        return timezone.now() + timedelta(days=int(self.cleaned_data["lasting"]))
