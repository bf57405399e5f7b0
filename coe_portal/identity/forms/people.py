from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.guard.forms import no_patient


class ResetFactorsForm(forms.Form):
    reason = forms.CharField(
        label=_("How did you make sure that it is them?"), max_length=200,
        help_text=_("Kept in the audit trail. A call on a number from the directory or a badge at the desk will do."),
        validators=[no_patient],
    )  # fmt: skip
