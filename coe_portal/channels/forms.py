from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.channels.models import Channel
from coe_portal.channels.permissions import can_keep
from coe_portal.people.models import Department, User


class PersonField(forms.CharField):
    """Somebody, by e-mail address: the directory is too long for a list to choose from."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.EmailInput(attrs={"autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return User.objects.filter(pk=value).values_list("email", flat=True).first()
        return value

    def clean(self, value: Any) -> User | None:
        email = super().clean(value)
        if not email:
            return None
        person: User | None = User.objects.active().filter(email=email.strip().lower()).first()
        if person is None:
            raise forms.ValidationError(_("Nobody who works here has this e-mail address."))
        return person


class DepartmentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Department.objects.order_by("name"), **kwargs)


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """What everybody knows about an account; the parts that request and register share."""

    department = DepartmentField(label=_("Owning department"), required=False)
    url = forms.URLField(label=_("Address"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Channel
        fields: ClassVar[list[str]] = ["network", "handle", "name", "url", "department", "purpose"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"purpose": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        network, handle = cleaned.get("network"), cleaned.get("handle", "").lstrip("@").lower()
        taken = Channel.objects.filter(network=network, plain_handle=handle).exclude(pk=self.instance.pk).first()
        if taken:
            self.add_error("handle", _("This channel is in the register already: %(name)s.") % {"name": taken.name})
        if cleaned.get("relation", Channel.Relation.OWN) == Channel.Relation.OWN and not cleaned.get("department"):
            self.add_error("department", _("Say which department owns the channel."))
        return cleaned

    def _post_clean(self) -> None:
        """The instance stays as it is: only the verbs in actions.py change one."""


class ChannelForm(AccountForm):
    first_contact = PersonField(label=_("First contact"), required=False, help_text=_("E-mail address of a colleague."))
    second_contact = PersonField(
        label=_("Second contact"), required=False, help_text=_("Somebody else, for when the first one is away.")
    )

    class Meta(AccountForm.Meta):
        fields: ClassVar[list[str]] = [
            "relation", "network", "handle", "name", "url", "external_id", "department", "purpose", "time_zone",
            "first_contact", "second_contact", "two_factor", "recovery_contact",
        ]  # fmt: skip

    def __init__(self, *args: Any, keeper: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keeper = keeper

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("relation") == Channel.Relation.PEER:
            cleaned["department"] = None
        department: Department | None = cleaned.get("department")
        if not self.errors and not can_keep(self.keeper, department and department.pk):
            self.add_error("department", _("Your role is for a branch. Choose a department of it."))
        first, second = cleaned.get("first_contact"), cleaned.get("second_contact")
        if first and first == second:
            self.add_error("second_contact", _("The second contact is somebody else than the first."))
        return cleaned

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(_("This time zone is not known. Example: America/New_York."))
        return zone


class RequestForm(AccountForm):
    why_not_existing = forms.CharField(
        label=_("Why will an existing channel not do?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whom do you want to reach that our channels do not reach, and who will look after it every week?"),
        max_length=4_000,
    )

    class Meta(AccountForm.Meta):
        fields: ClassVar[list[str]] = ["name", "network", "handle", "department", "purpose"]

    department = DepartmentField(label=_("Owning department"))
    url = None  # type: ignore[assignment]  # there is none yet


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person who asked reads it, and so does whoever asks next year."),
        max_length=2_000,
    )


class PublisherForm(forms.Form):
    person = PersonField(label=_("Add somebody who publishes"), help_text=_("E-mail address of a colleague."))
