"""What the portal keeps of a person, as the person reads it: headings, words for codes, dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Field
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi, gettext

from coe_portal.audit.models import AuditEntry
from coe_portal.audit.queries.trail import kind_in_words
from coe_portal.audit.words import in_words
from coe_portal.personal import PersonalRecords, Text, model_of

SHOWN_ON_THE_PAGE = 500


@dataclass(frozen=True)
class Part:
    """One kind of records: its file name without ending, and its rows as they are in the files."""

    label: Text
    name: str
    records: PersonalRecords
    rows: Sequence[Mapping[str, Any]]

    @property
    def files(self) -> list[str]:
        return [f"{self.name}.csv", f"{self.name}.json"]

    @property
    def headings(self) -> list[str]:
        return [heading_of(self.records.model, lookup) for lookup in self.records.columns]

    @property
    def shown(self) -> list[list[str]]:
        return [
            [in_a_sentence(self.records.model, lookup, row[lookup]) for lookup in self.records.columns]
            for row in self.rows[-SHOWN_ON_THE_PAGE:]
        ]

    @property
    def left_out(self) -> int:
        return max(0, len(self.rows) - SHOWN_ON_THE_PAGE)


def page(*, person: Mapping[str, Any], parts: Sequence[Part], files: Sequence[str], **more: object) -> str:
    profile = [
        (heading_of("people.user", name), in_a_sentence("people.user", name, value))
        for name, value in person.items()
        if value not in (None, "")
    ]
    context = {
        "profile": profile, "parts": parts, "files": files, "made_at": timezone.now(),
        "language": get_language(), "direction": "rtl" if get_language_bidi() else "ltr", **more,
    }  # fmt: skip
    return render_to_string("privacy/export.html", context)


def heading_of(label: str, lookup: str) -> str:
    """“Topic: title” for `topic__title`; an id is called by what it is the id of."""
    names = [gettext(str(each.verbose_name)) for each in _path(label, lookup)]
    return capfirst(": ".join(names[-2:]))


def _path(label: str, lookup: str) -> list["Field[Any, Any]"]:
    model, found = model_of(label), []
    for name in lookup.split("__"):
        field: Any = model._meta.get_field(
            name.removesuffix("_id") if name.endswith("_id") and name != "object_id" else name
        )
        found.append(field)
        model = field.related_model or model
    return found


def in_a_sentence(label: str, lookup: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if label == AuditEntry._meta.label_lower and lookup in {"verb", "kind"}:
        return str(in_words(value) if lookup == "verb" else kind_in_words(value))
    words = dict(_path(label, lookup)[-1].flatchoices)
    return str(words[value]) if isinstance(value, str) and value in words else _plain(value)


def _plain(value: Any) -> str:
    match value:
        case bool():
            return gettext("yes") if value else gettext("no")
        case date() | time():
            return _moment(value)
        case dict():
            return "\n".join(f"{name}: {_plain(each)}" for name, each in value.items() if each not in (None, ""))
        case list() | tuple():
            return ", ".join(_plain(each) for each in value)
    return str(value)


def _moment(value: date | time) -> str:
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return formats.time_format(value, "TIME_FORMAT")
