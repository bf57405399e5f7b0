from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.audit.queries import known_kinds


def _kind_choices() -> list[tuple[str, Any]]:
    return [("", _("Any")), *known_kinds()]


class FilterForm(forms.Form):
    """What the trail is narrowed to; every part may be left out."""

    kind = forms.ChoiceField(label=_("Kind of object"), required=False, choices=_kind_choices)
    person = forms.CharField(label=_("Done by (name or e-mail)"), required=False, max_length=100)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
