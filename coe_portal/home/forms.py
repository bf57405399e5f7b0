from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import today
from coe_portal.people.forms.fields import date_field
from coe_portal.people.models import RoleGrant, User

# Where the organisation's people are; every other zone follows in the list.
NEAR = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


def time_zone_choices() -> list[tuple[Any, Any]]:
    others = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))
    return [
        (_("United States"), [(zone, zone.partition("/")[2].replace("_", " ")) for zone in NEAR]),
        (_("All time zones"), [(zone, zone.replace("_", " ")) for zone in others if zone not in NEAR]),
    ]


def language_choices() -> list[tuple[str, str]]:
    """Each by its own name: whoever reads only that one finds it."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class SettingsForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zone_choices, help_text=_("Dates and times are shown in this zone.")
    )


class GrantField(forms.ModelChoiceField[RoleGrant]):
    def label_from_instance(self, obj: RoleGrant) -> str:
        where = obj.branch.name if obj.branch else gettext("the whole organisation")
        return gettext("%(role)s for %(department)s") % {"role": obj.get_role_display(), "department": where}


class DelegationForm(forms.Form):
    """A role of one's own, to whom, from when until when."""

    grant = GrantField(label=_("Which role"), queryset=RoleGrant.objects.none(), empty_label=None)
    to = forms.EmailField(label=_("To whom"), help_text=_("E-mail address of a colleague."))
    starts = date_field(_("From"), initial=today)
    ends = date_field(_("Until"), help_text=_("The day you are back. They have the role until the evening before."))

    def __init__(self, *args: Any, grants: "QuerySet[RoleGrant]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grants = grants
        self.fields["grant"].queryset = grants  # type: ignore[attr-defined]

    def clean_to(self) -> User:
        person: User | None = User.objects.active().filter(email=self.cleaned_data["to"].strip().lower()).first()
        if person is None:
            raise forms.ValidationError(_("Nobody here has this address. Look at how it is written."))
        return person
