from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.audit.models import Access
from coe_portal.audit.queries.trail import known_kinds
from coe_portal.audit.words import by_words
from coe_portal.people.forms.fields import date_field


def _kind_choices() -> list[tuple[str, Any]]:
    return [("", _("Any")), *known_kinds()]


def _verb_choices() -> list[tuple[str, Any]]:
    """One for all verbs that read alike: their kinds of objects differ, and are chosen beside."""
    first = {words: verbs[0] for words, verbs in by_words().items()}
    return [("", _("Any")), *((verb, words) for words, verb in sorted(first.items()))]


class DaysForm(forms.Form):
    since = date_field(_("From"), required=False)
    until = date_field(_("To"), required=False)


class FilterForm(DaysForm):
    """What the trail is narrowed to; every part may be left out."""

    about = forms.CharField(label=_("Everything about (name or e-mail)"), required=False, max_length=100)
    person = forms.CharField(label=_("Done by (name or e-mail)"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind of object"), required=False, choices=_kind_choices)
    object_id = forms.IntegerField(label=_("Number of the object"), required=False, min_value=1, max_value=2**62)
    verb = forms.ChoiceField(label=_("What was done"), required=False, choices=_verb_choices)
    text = forms.CharField(label=_("Words in the entry"), required=False, max_length=100)
    field_order = ("about", "person", "kind", "object_id", "verb", "text", "since", "until")


class KeptHashForm(forms.Form):
    """A hash that somebody kept outside the portal."""

    kept = forms.RegexField(
        r"^\s*[0-9a-fA-F]{64}\s*$",
        label=_("Hash"),
        help_text=_("64 digits and letters from a to f, as this page showed them or as an export ends with them."),
        error_messages={"invalid": _("A hash has 64 digits and letters from a to f: look whether all of it is here.")},
    )

    def clean_kept(self) -> str:
        return str(self.cleaned_data["kept"]).strip().lower()


class AccessForm(DaysForm):
    person = forms.CharField(label=_("Person (name or e-mail)"), required=False, max_length=100)
    event = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("Any")), *Access.Event.choices])
    field_order = ("person", "event", "since", "until")
