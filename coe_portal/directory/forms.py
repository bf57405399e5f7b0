from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coe_portal.core.sheets import BYTES_AT_MOST
from coe_portal.directory.columns import fields_of, missing_fields
from coe_portal.directory.models import DirectoryImport
from coe_portal.people.models import User

ACCEPTED = ".csv,.tsv,.txt,.xlsx"


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), with the names of the columns in the first line. At most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    kind = forms.ChoiceField(
        label=_("What it holds"),
        choices=[
            ("people", _("People, with or without their departments")),
            ("departments", _("Departments only")),
        ],
        initial="people",
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES_AT_MOST:
            raise forms.ValidationError(_("The file is larger than 20 MB. Save it as CSV, or leave columns out."))
        return file


class ColumnsForm(forms.Form):
    """One choice a field: the column that holds it."""

    def __init__(self, *args: Any, source: DirectoryImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        names = [
            (str(number), name or _("column %(n)s") % {"n": number + 1}) for number, name in enumerate(source.header)
        ]
        choices = [("", _("is not in the file")), *names]
        for field in fields_of(source.kind):
            self.fields[f"column_{field.key}"] = forms.ChoiceField(
                label=str(field.label),
                choices=choices,
                required=field.is_needed,
                initial=str(source.columns.get(field.key, "")),
            )
        if source.is_of_people:
            self.fields["dates"] = forms.ChoiceField(
                label=_("How dates are written"), choices=DirectoryImport.Dates.choices, initial=source.dates
            )
            self.fields["is_whole"] = forms.TypedChoiceField(
                label=_("Whom the file holds"),
                choices=[
                    ("yes", _("Everybody: who is in the directory and not in this file leaves")),
                    ("no", _("A part of the people: nobody leaves")),
                ],
                coerce=lambda value: value == "yes",
                initial="yes" if source.is_whole else "no",
                widget=forms.RadioSelect,
            )

    def columns(self) -> dict[str, int]:
        return {
            key.removeprefix("column_"): int(value)
            for key, value in self.cleaned_data.items()
            if key.startswith("column_") and value != ""
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        columns = self.columns()
        holders: dict[int, str] = {}
        for key, number in columns.items():
            if number in holders:
                self.add_error(f"column_{key}", _("This column is chosen for another field already."))
            holders.setdefault(number, key)
        for field in missing_fields(self.source.kind, columns):
            self.errors.pop(f"column_{field.key}", None)
            self.add_error(
                f"column_{field.key}",
                _("Choose the column. If the file has none, add it where you exported the file, and hand it in again."),
            )
        return data


class LeaversForm(forms.Form):
    number = forms.IntegerField(
        label=_("How many people leave?"), min_value=0, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    def __init__(self, *args: Any, leavers: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leavers = leavers

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        if number != self.leavers:
            raise forms.ValidationError(_("This is not the number above. Nobody was changed."))
        return number


class PersonField(forms.CharField):
    """Somebody by their e-mail address or employee number."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        known = Q(email=text.lower()) | Q(employee_number=text)
        person = User.objects.filter(known).order_by("pk").first()
        if person is None:
            raise forms.ValidationError(_("Nobody here has this address or number."))
        return person


class MergeForm(forms.Form):
    first = PersonField(label=_("One account"), max_length=254, help_text=_("E-mail or employee number."))
    second = PersonField(label=_("The other account"), max_length=254, help_text=_("E-mail or employee number."))


class StaysForm(forms.Form):
    """Which of two accounts goes on; the other one is closed."""

    first = forms.CharField(widget=forms.HiddenInput)
    second = forms.CharField(widget=forms.HiddenInput)
    stays = forms.ChoiceField(label=_("The account that stays"), widget=forms.RadioSelect)

    def __init__(self, first: User, second: User, links: Mapping[int, Sequence[str]], stays: User) -> None:
        here = "first" if stays.pk == first.pk else "second"
        super().__init__(initial={"first": first.email, "second": second.email, "stays": here})
        both = {"first": first, "second": second}
        cast("forms.ChoiceField", self.fields["stays"]).choices = [
            (name, _described(person, links[person.pk])) for name, person in both.items()
        ]


def _described(person: User, links: Sequence[str]) -> str:
    told = gettext("%(name)s, %(email)s") % {"name": person.name, "email": person.email}
    return f"{told} ({', '.join(links)})" if links else told
