from collections.abc import Collection, Mapping
from copy import copy
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.people.forms.fields import date_field
from coe_portal.people.models import Audience, User
from coe_portal.people.rules import MOST_EXCEPTIONS


class AddressesField(forms.CharField):
    """A few people by their e-mail addresses, one a line; gives their ids in the order of their addresses."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        return "\n".join(User.objects.filter(pk__in=value).order_by("email").values_list("email", flat=True))

    def clean(self, value: Any) -> tuple[int, ...]:
        text = str(super().clean(value) or "").lower()
        addresses = set(text.replace(",", " ").replace(";", " ").split())
        if len(addresses) > MOST_EXCEPTIONS:
            most = {"n": MOST_EXCEPTIONS}
            raise forms.ValidationError(
                _("At most %(n)d people can be named. For more, find what they have in common.") % most
            )
        found = dict(User.objects.filter(email__in=addresses).order_by("email").values_list("email", "pk"))
        _refuse_unknown(addresses - set(found))
        return tuple(found.values())


def _refuse_unknown(addresses: Collection[str]) -> None:
    if addresses:
        listed = {"addresses": ", ".join(sorted(addresses)[:10])}
        raise forms.ValidationError(_("Nobody here has this address: %(addresses)s") % listed)


class NamingForm(forms.ModelForm[Audience]):
    """The name, and the few people who are in or out whatever the conditions say."""

    also = AddressesField(label=_("Also these people"), help_text=_("E-mail addresses, one a line."))
    never = AddressesField(label=_("Never these people"), help_text=_("E-mail addresses, one a line. It wins."))
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Audience
        fields = ["name"]

    def __init__(self, data: Any = None, *, audience: Audience, typed: Mapping[str, Any] | None = None) -> None:
        """`typed` is shown without being judged yet."""
        rule = audience.parsed
        initial = typed or {"also": rule.also, "never": rule.never, "edition": audience.edition}
        # A copy, since a form writes into its instance while it is checked: the audience keeps what is saved.
        super().__init__(data, instance=copy(audience), initial=dict(initial))
        self.rule = rule

    def exceptions(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Those who could be read; of an unsent form those who are saved."""
        if not self.is_bound:
            return self.rule.also, self.rule.never
        self.is_valid()
        return self.cleaned_data.get("also", ()), self.cleaned_data.get("never", ())


class DayForm(forms.Form):
    day = date_field(_("On"), required=False)
    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)

    def chosen(self, otherwise: date) -> tuple[date, str]:
        data = self.cleaned_data if self.is_valid() else {}
        return data.get("day") or otherwise, data.get("q") or ""
