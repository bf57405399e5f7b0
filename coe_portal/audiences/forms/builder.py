"""A rule while it is being written: read from what was sent, changed by a button, checked when it is to be saved.

Every part of the rule has a path, such as n-0-1, that its fields' names begin with. Nothing is kept between two
requests but what the form itself carries.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from coe_portal.audiences.forms.conditions import FORMS, ConditionForm, Vocabulary
from coe_portal.audiences.forms.naming import NamingForm
from coe_portal.people.models import Audience
from coe_portal.people.rules import ALL, DEEPEST, MOST_CONDITIONS, OPS, Condition, Group, Rule, RuleError, read_rule

ROOT = "n"
FIELD = re.compile(r"(?P<path>n(?:-\d{1,3}){0,5})-(?P<field>op|about|values|how|branch|days|day)")


@dataclass
class Part:
    """A condition, as its fields were sent; `about` is empty in a group, which has an `op` and parts instead."""

    about: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    op: str = ALL
    parts: list["Part"] = field(default_factory=list)

    @property
    def size(self) -> int:
        return 1 + sum(part.size for part in self.parts)


@dataclass(frozen=True)
class Node:
    """A part as the page shows it."""

    path: str
    depth: int
    form: ConditionForm | None
    op: str
    parts: tuple["Node", ...]
    is_new: bool

    @property
    def is_group(self) -> bool:
        return self.form is None

    @property
    def is_hollow(self) -> bool:
        return self.is_group and not self.parts

    @property
    def may_nest(self) -> bool:
        return self.depth < DEEPEST

    @property
    def ops(self) -> Mapping[str, Any]:
        return OPS


def part_of(rule: "Group | Condition") -> Part:
    if isinstance(rule, Group):
        known = [each for each in rule.parts if isinstance(each, Group) or each.about in FORMS]
        return Part(op=rule.op, parts=[part_of(each) for each in known])
    return Part(about=rule.about, fields=FORMS[rule.about].fields_of(rule))


def part_sent(data: QueryDict) -> Part:
    """Whatever was sent that has the shape of a rule; the rest is dropped."""
    sent: dict[str, dict[str, list[str]]] = {}
    for key in data:
        found = FIELD.fullmatch(key)
        if found:
            sent.setdefault(found["path"], {})[found["field"]] = data.getlist(key)
    root = Part(op=_op(sent.get(ROOT, {})))
    groups = {ROOT: root}
    for path in sorted((path for path in sent if path != ROOT), key=_numbers):
        above, fields = groups.get(path.rpartition("-")[0]), sent[path]
        about = fields.pop("about", [""])[0]
        if above is None or (about not in FORMS and "op" not in fields) or root.size > 2 * MOST_CONDITIONS:
            continue
        part = Part(about=about, fields=fields) if about in FORMS else Part(op=_op(fields))
        above.parts.append(part)
        if not part.about:
            groups[path] = part
    return root


def _numbers(path: str) -> list[int]:
    return [int(each) for each in path.split("-")[1:]]


def _op(fields: dict[str, list[str]]) -> str:
    sent = fields.get("op", [ALL])[0]
    return sent if sent in OPS else ALL


class Builder:
    """The page's form. Without data it shows the audience's own rule."""

    def __init__(self, audience: Audience, words: Vocabulary, data: QueryDict | None = None) -> None:
        self.audience, self.words, self.data = audience, words, data
        self.root = part_of(audience.parsed.group) if data is None else part_sent(data)
        self.naming = NamingForm(data, audience=audience)
        self.is_checked = False
        self.fresh = ""
        self.error: Any = ""

    def press(self, button: str) -> None:
        """add:PATH:ABOUT, group:PATH or remove:PATH; anything else changes nothing."""
        verb, _colon, rest = button.partition(":")
        path, _colon, about = rest.partition(":")
        if verb == "remove":
            self._remove(path)
        elif verb in ("add", "group") and (about in FORMS or verb == "group"):
            self._add(path, about)

    def _at(self, path: str) -> Part | None:
        part = self.root
        for number in _numbers(path) if FIELD.fullmatch(f"{path}-op") else [-1]:
            if not 0 <= number < len(part.parts):
                return None
            part = part.parts[number]
        return part

    def _add(self, path: str, about: str) -> None:
        group = self._at(path)
        if group is None or group.about or self.root.size > MOST_CONDITIONS:
            self.error = _("A rule of this size is hard to understand. Make a part of it an audience of its own.")
            return
        group.parts.append(Part(about=about))
        self.fresh = f"{path}-{len(group.parts) - 1}"

    def _remove(self, path: str) -> None:
        above, _dash, number = path.rpartition("-")
        group = self._at(above)
        if group is not None and number.isdecimal() and int(number) < len(group.parts):
            del group.parts[int(number)]

    def check(self) -> Rule | None:
        """The rule if all of it is filled in; from now on the page shows what is not."""
        self.is_checked = True
        try:
            rule = self._rule(strict=True)
            if not self.naming.is_valid():
                return None
            if rule.is_empty:
                raise RuleError(_("Add a condition, or name people. For everybody there is “Everyone” already."))
            return read_rule(rule.as_data())
        except RuleError as error:
            self.error = str(error)
            return None

    def so_far(self) -> Rule:
        """What can be counted already: conditions that are not filled in are left out."""
        if self.data is None:
            return self.audience.parsed
        return self._rule(strict=False)

    def _rule(self, *, strict: bool) -> Rule:
        group = self._group(self.root, strict=strict)
        return Rule(group, *self.naming.exceptions())

    def _group(self, part: Part, *, strict: bool) -> Group:
        parts = [self._one(each, strict=strict) for each in part.parts]
        return Group(part.op, tuple(each for each in parts if each is not None))

    def _one(self, part: Part, *, strict: bool) -> "Condition | Group | None":
        if not part.about:
            group = self._group(part, strict=strict)
            return group if group.parts or strict else None
        form = self._bound(part, ROOT)
        if form.is_valid():
            return form.condition()
        if strict:
            raise RuleError(_("A condition is not filled in. It is marked below."))
        return None

    def _bound(self, part: Part, path: str) -> ConditionForm:
        data = MultiValueDict({f"{path}-{name}": values for name, values in part.fields.items()})
        return FORMS[part.about](data, prefix=path, words=self.words)

    @property
    def unfilled(self) -> int:
        return _unfilled(self.root, lambda part: self._bound(part, ROOT).is_valid())

    @property
    def shown_naming(self) -> NamingForm:
        """Nothing is called wrong before it is to be saved."""
        if self.data is None or self.is_checked:
            return self.naming
        typed = {name: self.data.get(name, "") for name in ("name", "also", "never", "edition")}
        return NamingForm(audience=self.audience, typed=typed)

    def node(self) -> Node:
        return self._node(self.root, ROOT, 1)

    def _node(self, part: Part, path: str, depth: int) -> Node:
        parts = tuple(self._node(each, f"{path}-{n}", depth + 1) for n, each in enumerate(part.parts))
        return Node(path, depth, self._shown(part, path) if part.about else None, part.op, parts, path == self.fresh)

    def _shown(self, part: Part, path: str) -> ConditionForm:
        if self.is_checked:
            return self._bound(part, path)
        form = FORMS[part.about](prefix=path, words=self.words)
        form.initial = {
            name: values if isinstance(form.fields[name], forms.MultipleChoiceField) else values[-1]
            for name, values in part.fields.items()
            if name in form.fields and values
        }
        return form


def _unfilled(part: Part, is_filled: Any) -> int:
    own = 1 if part.about and not is_filled(part) else 0
    return own + sum(_unfilled(each, is_filled) for each in part.parts)
