from datetime import date
from typing import Any

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coe_portal.people.models import Audience, Department

INDENT = "\u2003"
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class DepartmentField(forms.ModelChoiceField[Department]):
    """Departments in the order of the tree, indented by depth."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Department.objects.filter(closed_on=None).with_tree_fields(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{INDENT * obj.tree_depth}{obj.name}"


class DepartmentsField(forms.ModelMultipleChoiceField[Department]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{INDENT * obj.tree_depth}{obj.name}"


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day that can be reckoned with: the calendar's own ends have no day before or after."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    within = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    return forms.DateField(label=label, widget=widget, validators=within, **kwargs)


def _beside(about: Any, url: Any) -> str:
    return format_html('{} <a href="{}">{}</a>', about, url, _("Make a new audience"))


class AudienceField(forms.ModelChoiceField[Audience]):
    """Whom something is for, chosen alike everywhere: Everyone first, each with its size, and a way to a new one."""

    def __init__(self, *, about: Any = "", **kwargs: Any) -> None:
        kwargs = {"label": gettext_lazy("Audience"), "empty_label": None, **kwargs}
        help_text = lazy(_beside, str)(about, reverse_lazy("audiences:add"))
        super().__init__(queryset=Audience.objects.with_sizes(), help_text=help_text, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        people = ngettext("%(n)s person", "%(n)s people", obj.size) % {"n": intcomma(obj.size)}
        return _("%(audience)s (%(people)s)") % {"audience": obj, "people": people}
