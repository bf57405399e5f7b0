"""Rules in words that a person can check."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coe_portal.core.lists import all_of, any_of
from coe_portal.people.access import Role
from coe_portal.people.models import Audience, Department, User
from coe_portal.people.rules import ALL, ANY, NONE, Condition, Group, Rule

LISTED = 6  # named before the rest is counted


@dataclass(frozen=True)
class Names:
    """What the ids of some rules are called; who or what is gone is missing."""

    departments: Mapping[int, str]
    audiences: Mapping[int, str]
    people: Mapping[int, str]


def names_for(rules: Iterable[Rule]) -> Names:
    """Three queries, however many rules."""
    known = list(rules)
    departments = {pk for rule in known for pk in rule.department_ids}
    audiences = {pk for rule in known for pk in rule.audience_ids}
    people = {pk for rule in known for pk in (*rule.also, *rule.never)}
    return Names(
        dict(Department.objects.filter(pk__in=departments).values_list("pk", "name")),
        dict(Audience.objects.filter(pk__in=audiences).values_list("pk", "name")),
        dict(User.objects.filter(pk__in=people).values_list("pk", "name")),
    )


def rule_in_words(rule: Rule, names: Names, *, is_everyone: bool = False) -> str:
    if is_everyone:
        return _("Every active person")
    main = _group(rule.group, names) if rule.group.parts else ""
    sentence = main or _("nobody by a condition")
    if rule.also:
        sentence = _("%(rule)s; also %(people)s") % {"rule": sentence, "people": _people(rule.also, names)}
    if rule.never:
        sentence = _("%(rule)s; never %(people)s") % {"rule": sentence, "people": _people(rule.never, names)}
    return sentence[:1].upper() + sentence[1:]


def _group(group: Group, names: Names) -> str:
    parts = [_part(part, names) for part in group.parts]
    if group.op == ALL:
        return all_of(parts)
    return any_of(parts) if group.op == ANY else _("not (%(parts)s)") % {"parts": any_of(parts)}


def _part(part: Group | Condition, names: Names) -> str:
    """In brackets where it would be read wrongly without."""
    if isinstance(part, Condition):
        return _condition(part, names)
    words = _group(part, names)
    return words if part.op == NONE or len(part.parts) == 1 else f"({words})"


def _some(found: Sequence[str]) -> str:
    if len(found) <= LISTED:
        return any_of(found)
    rest = ngettext("%(n)d more", "%(n)d more", len(found) - LISTED) % {"n": len(found) - LISTED}
    return any_of([*found[:LISTED], rest])


def _people(ids: Sequence[int], names: Names) -> str:
    known = sorted(names.people[pk] for pk in ids if pk in names.people)
    if len(known) <= LISTED:
        return all_of(known) or _("somebody who is gone")
    rest = ngettext("%(n)d more", "%(n)d more", len(known) - LISTED) % {"n": len(known) - LISTED}
    return all_of([*known[:LISTED], rest])


def _condition(condition: Condition, names: Names) -> str:
    return WORDS[condition.about](condition, names)


def _role(condition: Condition, names: Names) -> str:
    labels = dict(Role.choices)
    roles = _some([str(labels.get(str(value), value)) for value in condition.values])
    if condition.branch is None:
        return _("has the role %(roles)s") % {"roles": roles}
    where = names.departments.get(condition.branch, _("a department that no longer exists"))
    return _("has the role %(roles)s for %(department)s or below") % {"roles": roles, "department": where}


def _department(condition: Condition, names: Names) -> str:
    found = [names.departments.get(int(pk), _("a department that no longer exists")) for pk in condition.values]
    words = ngettext("works in %(departments)s or below", "works in %(departments)s, or below one of them", len(found))
    return words % {"departments": _some(found)}


def _kind(condition: Condition, names: Names) -> str:
    labels = dict(User.Kind.choices)
    return _("is %(kinds)s") % {"kinds": _some([str(labels.get(str(value), value)) for value in condition.values])}


def _hired(condition: Condition, names: Names) -> str:
    value = condition.values[0]
    if condition.how == "within":
        words = ngettext("joined in the last %(n)d day", "joined in the last %(n)d days", int(value))
        return words % {"n": int(value)}
    day = date_format(date.fromisoformat(str(value)))
    if condition.how == "before":
        return _("was hired before %(day)s") % {"day": day}
    return _("was hired on %(day)s or later") % {"day": day}


def _location(condition: Condition, names: Names) -> str:
    return _("is at %(places)s") % {"places": _some([str(value) for value in condition.values])}


def _title(condition: Condition, names: Names) -> str:
    titles = [_("“%(word)s”") % {"word": value} for value in condition.values]
    return _("has %(words)s in the job title") % {"words": _some(titles)}


def _manager(condition: Condition, names: Names) -> str:
    return _("has a manager") if condition.how == "yes" else _("has no manager")


def _audience(condition: Condition, names: Names) -> str:
    found = [names.audiences.get(int(pk), _("an audience that no longer exists")) for pk in condition.values]
    words = ngettext("is in the audience %(audiences)s", "is in one of the audiences %(audiences)s", len(found))
    return words % {"audiences": _some(found)}


def _unreadable(condition: Condition, names: Names) -> str:
    return _("a rule that cannot be read any more")


WORDS: Mapping[str, Callable[[Condition, Names], str]] = {
    "role": _role,
    "department": _department,
    "kind": _kind,
    "hired": _hired,
    "location": _location,
    "title": _title,
    "manager": _manager,
    "audience": _audience,
    "unreadable": _unreadable,
}
