from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.apps import apps
from django.test import Client

from tests.permissions.samples import FIELDS, Arguments

NEW = "new"
ME = "me"


@dataclass(frozen=True)
class Page:
    """An address with an object behind it, opened by whoever is about to send something to it."""

    route: str
    client: Client
    url: str
    arguments: Arguments

    def as_shown(self, **changed: Any) -> dict[str, Any]:
        """What a browser would send if somebody changed these fields alone and pressed the button."""
        form = self.client.get(self.url).context["form"]
        return {**_filled_in(form), **changed}


Fields = Callable[[Page], Mapping[str, Any]]
# The object of an entry: an argument of the address, the one that was made, the person, or asked for before.
About = str | Callable[[Arguments], int]


@dataclass(frozen=True)
class Entry:
    """An entry that is expected. `about` empty is the first argument of the address that is an id."""

    verb: str
    kind: str
    about: About = ""
    by: str = ME

    def object_before(self, arguments: Arguments, person_id: int | None) -> int | None:
        """Its id, or None where it is still to be made."""
        if callable(self.about):
            return self.about(arguments)
        if self.about == NEW:
            return None
        if self.about == ME:
            return person_id
        name = self.about or next(name for name in arguments if name.endswith("_id"))
        return int(arguments[name])

    def newest(self) -> int:
        found = apps.get_model(self.kind)._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        assert found
        return int(found)


def as_sent(page: Page) -> Mapping[str, Any]:
    return FIELDS.get(page.route, dict)()


def as_shown(**changed: Any) -> Fields:
    return lambda page: page.as_shown(**changed)


def send(**fields: Any) -> Fields:
    return lambda page: fields


@dataclass(frozen=True)
class Change:
    """Who sends what; more than one entry needs a reason."""

    role: str
    entries: list[Entry]
    fields: Fields = as_sent
    arguments: Callable[[], Arguments] | None = None
    because: str = ""
    status: int = 302
    files: Mapping[str, Any] = field(default_factory=dict)


def one(role: str, verb: str, kind: str, about: About = "", **more: Any) -> Change:
    """The usual case: one act, one entry."""
    return Change(role, [Entry(verb, kind, about)], **more)


def _filled_in(form: forms.BaseForm) -> dict[str, Any]:
    return {
        form[name].html_name: sent
        for name, each in form.fields.items()
        if (sent := _as_sent(form[name].value(), each.widget)) not in (None, "", False)
    }


def _as_sent(value: Any, widget: forms.Widget) -> Any:
    if value is None or value is False:
        return None
    if value is True:
        return "on"
    if isinstance(value, list | tuple | set):
        return [str(getattr(each, "pk", each)) for each in value]
    shown = widget.format_value(value)
    return shown[0] if isinstance(shown, list) and shown else shown
