from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.people.forms.fields import DepartmentField, date_field
from coe_portal.people.models import Department, Membership, User


class MembershipForm(forms.Form):
    department = DepartmentField(label=_("Department"))
    starts = date_field(_("From"), initial=timezone.localdate)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_membership_%s")  # a role beside it has dates, too
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("department") and data.get("starts") and self._overlaps(data):
            self.add_error("department", _("%(name)s belongs to this department then.") % {"name": self.person.name})
        return data

    def _overlaps(self, data: dict[str, Any]) -> bool:
        same = Membership.objects.filter(person=self.person, department=data["department"])
        return bool(same.exclude(ends__isnull=False, ends__lte=data["starts"]).exists())


class DepartmentForm(forms.ModelForm[Department]):
    parent = DepartmentField(label=_("Below"), required=False, empty_label=_("nothing: a root of the tree"))

    class Meta:
        model = Department
        fields = ["name", "code", "parent", "location"]
        help_texts = {"code": _("The department's key in your directory or payroll.")}
