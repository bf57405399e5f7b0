from django import forms
from django.utils.translation import gettext_lazy as _


class RevokeForm(forms.Form):
    because = forms.CharField(
        label=_("Why is it revoked?"), max_length=200, help_text=_("The holder reads this. It cannot be undone.")
    )
