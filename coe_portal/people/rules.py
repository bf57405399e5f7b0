"""What the rule of an audience may say: groups of conditions, as they are stored, checked and passed around.

Stored as JSON: a group is {"op": "all", "parts": [...]}, a condition {"about": "kind", "values": ["nurse"]}.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Role

DEEPEST = 4  # groups within groups
MOST_CONDITIONS = 40
MOST_VALUES = 400
MOST_EXCEPTIONS = 200
LONGEST_TEXT = 100

ALL, ANY, NONE = "all", "any", "none"
OPS = {
    ALL: _("All of these hold"),
    ANY: _("At least one of these holds"),
    NONE: _("None of these holds"),
}

Value = str | int


class RuleError(ValueError):
    """The rule cannot be meant, or not be worked out; the message is for whoever wrote it."""


@dataclass(frozen=True)
class Condition:
    """`about` is a key of ABOUT; what `how`, `values` and `branch` mean depends on it."""

    about: str
    values: tuple[Value, ...] = ()
    how: str = ""
    branch: int | None = None

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"about": self.about, "values": list(self.values)}
        if self.how:
            data["how"] = self.how
        if self.branch is not None:
            data["branch"] = self.branch
        return data

    @property
    def department_ids(self) -> tuple[int, ...]:
        named = tuple(int(each) for each in self.values) if self.about == "department" else ()
        return named if self.branch is None else (*named, self.branch)


@dataclass(frozen=True)
class Group:
    op: str
    parts: tuple["Condition | Group", ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {"op": self.op, "parts": [part.as_data() for part in self.parts]}

    def conditions(self) -> Iterator[Condition]:
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.conditions()
            else:
                yield part


@dataclass(frozen=True)
class Rule:
    """Whoever meets the group, and those of `also`; never those of `never`. With an empty group only `also` counts."""

    group: Group = field(default_factory=lambda: Group(ALL))
    also: tuple[int, ...] = ()
    never: tuple[int, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {**self.group.as_data(), "also": list(self.also), "never": list(self.never)}

    @property
    def is_empty(self) -> bool:
        return not self.group.parts and not self.also

    @property
    def audience_ids(self) -> frozenset[int]:
        return frozenset(
            int(value) for each in self.group.conditions() if each.about == "audience" for value in each.values
        )

    @property
    def department_ids(self) -> frozenset[int]:
        return frozenset(value for each in self.group.conditions() for value in each.department_ids)


# Instead of a stored rule that says what this release does not know. It can be named and replaced, not worked out.
UNREADABLE = Rule(Group(ALL, (Condition("unreadable"),)))


def stored_rule(data: Any) -> Rule:
    """What was saved once; UNREADABLE where it is no rule any more, so that one of them does not stop the others."""
    try:
        return read_rule(data)
    except RuleError:
        return UNREADABLE


def no_rule() -> dict[str, Any]:
    return Rule().as_data()


def read_rule(data: Any) -> Rule:
    """From stored or sent JSON. Raises RuleError for everything that is not a rule within the limits."""
    if not isinstance(data, Mapping):
        raise RuleError(_("This is not a rule."))
    rule = Rule(_group(data, 1), _people(data.get("also", ())), _people(data.get("never", ())))
    if sum(1 for _each in rule.group.conditions()) > MOST_CONDITIONS:
        most = {"n": MOST_CONDITIONS}
        raise RuleError(_("A rule has at most %(n)d conditions. Make a part of it an audience of its own.") % most)
    return rule


def _group(data: Mapping[str, Any], depth: int) -> Group:
    parts = data.get("parts", ())
    if data.get("op") not in OPS or not isinstance(parts, Sequence) or isinstance(parts, str):
        raise RuleError(_("This is not a rule."))
    if depth > DEEPEST:
        raise RuleError(_("Groups are at most %(n)d deep.") % {"n": DEEPEST})
    if depth > 1 and not parts:
        raise RuleError(_("A group without conditions means nothing. Add a condition or remove the group."))
    return Group(str(data["op"]), tuple(_part(part, depth) for part in parts))


def _part(data: Any, depth: int) -> "Condition | Group":
    if not isinstance(data, Mapping):
        raise RuleError(_("This is not a rule."))
    return _group(data, depth + 1) if "op" in data else _condition(data)


def _condition(data: Mapping[str, Any]) -> Condition:
    about, values, branch = data.get("about"), data.get("values", ()), data.get("branch")
    check = ABOUT.get(about) if isinstance(about, str) else None
    if check is None or not isinstance(values, Sequence) or isinstance(values, str) or len(values) > MOST_VALUES:
        raise RuleError(_("This is not a rule."))
    if branch is not None and (about != "role" or not _is_id(branch)):
        raise RuleError(_("This is not a rule."))
    condition = Condition(str(about), tuple(values), str(data.get("how", "")), branch)
    if not check(condition):
        raise RuleError(_("A condition is not filled in."))
    return condition


def _people(values: Any) -> tuple[int, ...]:
    if not isinstance(values, Sequence) or isinstance(values, str) or not all(_is_id(each) for each in values):
        raise RuleError(_("This is not a rule."))
    if len(values) > MOST_EXCEPTIONS:
        most = {"n": MOST_EXCEPTIONS}
        raise RuleError(_("At most %(n)d people can be named. For more, find what they have in common.") % most)
    return tuple(values)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _are_ids(condition: Condition) -> bool:
    return bool(condition.values) and not condition.how and all(_is_id(each) for each in condition.values)


def _are_texts(condition: Condition) -> bool:
    return bool(condition.values) and not condition.how and all(_is_text(each) for each in condition.values)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_TEXT and "\x00" not in value


def _are_roles(condition: Condition) -> bool:
    return _are_texts(condition) and set(condition.values) <= set(Role.values)


def _is_hiring(condition: Condition) -> bool:
    if len(condition.values) != 1:
        return False
    value = condition.values[0]
    if condition.how == "within":
        return _is_id(value) and int(value) <= 36_500
    return condition.how in ("before", "since") and isinstance(value, str) and _is_day(value)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_having(condition: Condition) -> bool:
    return condition.how in ("yes", "no") and not condition.values


# What a condition can be about, and whether it is filled in.
ABOUT: Mapping[str, Callable[[Condition], bool]] = {
    "role": _are_roles,
    "department": _are_ids,
    "kind": _are_texts,
    "hired": _is_hiring,
    "location": _are_texts,
    "title": _are_texts,
    "manager": _is_having,
    "audience": _are_ids,
}


def rule_of(*, kinds: Collection[str] = (), roles: Collection[str] = (), departments: Collection[int] = ()) -> Rule:
    """The everyday rule: all parts that are set must hold, within a part any value does."""
    parts: list[tuple[str, Collection[Value]]] = [("kind", kinds), ("role", roles), ("department", [*departments])]
    return Rule(Group(ALL, tuple(Condition(about, tuple(values)) for about, values in parts if values)))
