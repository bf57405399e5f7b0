"""A rule as one condition of SQL over `person`, so that PostgreSQL works out a whole audience at once.

Branches of the tree are read again at every evaluation. Audiences within a rule are written out in their place.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from coe_portal.people.models import Audience, PersonQuerySet, User
from coe_portal.people.rules import ALL, NONE, Condition, Group, Rule, RuleError, stored_rule

MOST_WRITTEN_OUT = 400  # conditions, those of audiences within audiences included


@dataclass(frozen=True)
class Sql:
    text: str
    values: tuple[Any, ...] = ()


TRUE, FALSE = Sql("TRUE"), Sql("FALSE")

GRANTED = "SELECT person_id FROM people_rolegrant WHERE starts <= %s AND (ends IS NULL OR ends > %s) AND role = ANY(%s)"
BELONGS = "SELECT person_id FROM people_membership WHERE starts <= %s AND (ends IS NULL OR ends > %s)"
# UNION drops what it has found before, so a circle in the tree ends.
BRANCH = """(WITH RECURSIVE branch (id) AS (
    SELECT id FROM people_department WHERE id = ANY(%s::bigint[])
    UNION SELECT below.id FROM people_department AS below JOIN branch ON below.parent_id = branch.id
) SELECT id FROM branch)"""


@dataclass
class Writer:
    """Writes one rule out for one day. `rules` are those of all audiences, None for the one that is everyone."""

    on: date
    rules: Mapping[int, Rule | None]
    path: tuple[int, ...] = ()
    written: int = field(default=0)

    def rule(self, rule: Rule) -> Sql:
        main = self.group(rule.group) if rule.group.parts else FALSE
        text, values = main.text, main.values
        if rule.also:
            text, values = f"({text} OR person.id = ANY(%s::bigint[]))", (*values, list(rule.also))
        if rule.never:
            text, values = f"({text} AND NOT person.id = ANY(%s::bigint[]))", (*values, list(rule.never))
        return Sql(text, values)

    def group(self, group: Group) -> Sql:
        parts = [self.group(part) if isinstance(part, Group) else self.condition(part) for part in group.parts]
        joined = (" AND " if group.op == ALL else " OR ").join(part.text for part in parts)
        values = tuple(value for part in parts for value in part.values)
        return Sql(f"(NOT ({joined}))" if group.op == NONE else f"({joined})", values)

    def condition(self, condition: Condition) -> Sql:
        self.written += 1
        if self.written > MOST_WRITTEN_OUT:
            raise RuleError(_("With the audiences within it, this rule is too long to be worked out."))
        return (
            self.audiences(condition) if condition.about == "audience" else WRITE[condition.about](condition, self.on)
        )

    def audiences(self, condition: Condition) -> Sql:
        parts = [self.audience(int(each)) for each in condition.values]
        values = tuple(value for part in parts for value in part.values)
        return Sql("(" + " OR ".join(part.text for part in parts) + ")", values)

    def audience(self, audience_id: int) -> Sql:
        if audience_id in self.path:
            raise RuleError(_("The rule leads back to itself: an audience cannot be a part of itself."))
        if audience_id not in self.rules:
            return FALSE
        rule = self.rules[audience_id]
        if rule is None:
            return TRUE
        self.path = (*self.path, audience_id)
        found = self.rule(rule)
        self.path = self.path[:-1]
        return found


def _role(condition: Condition, on: date) -> Sql:
    values = (on, on, list(condition.values))
    if condition.branch is None:
        return Sql(f"person.id IN ({GRANTED})", values)
    return Sql(f"person.id IN ({GRANTED} AND branch_id IN {BRANCH})", (*values, [condition.branch]))


def _department(condition: Condition, on: date) -> Sql:
    return Sql(f"person.id IN ({BELONGS} AND department_id IN {BRANCH})", (on, on, list(condition.values)))


def _kind(condition: Condition, on: date) -> Sql:
    return Sql("person.kind = ANY(%s)", (list(condition.values),))


def _hired(condition: Condition, on: date) -> Sql:
    """Whose day is not known was hired neither before nor after a day."""
    value = condition.values[0]
    if condition.how == "within":
        return Sql(
            "COALESCE(person.hired_on > %s AND person.hired_on <= %s, FALSE)", (on - timedelta(days=int(value)), on)
        )
    sign = "<" if condition.how == "before" else ">="
    return Sql(f"COALESCE(person.hired_on {sign} %s, FALSE)", (date.fromisoformat(str(value)),))


def _location(condition: Condition, on: date) -> Sql:
    return Sql("lower(person.location) = ANY(%s)", ([str(each).lower() for each in condition.values],))


def _title(condition: Condition, on: date) -> Sql:
    one = "strpos(lower(person.job_title), %s) > 0"
    return Sql("(" + " OR ".join([one] * len(condition.values)) + ")", tuple(str(e).lower() for e in condition.values))


def _manager(condition: Condition, on: date) -> Sql:
    return Sql(f"person.manager_id IS {'NOT ' if condition.how == 'yes' else ''}NULL")


def _unreadable(condition: Condition, on: date) -> Sql:
    raise RuleError(_("The rule of this audience, or of one within it, cannot be read any more. Write it anew."))


WRITE: Mapping[str, Callable[[Condition, date], Sql]] = {
    "role": _role,
    "department": _department,
    "kind": _kind,
    "hired": _hired,
    "location": _location,
    "title": _title,
    "manager": _manager,
    "unreadable": _unreadable,
}


def rules_of_all() -> dict[int, Rule | None]:
    rows = Audience.objects.values_list("pk", "rule", "is_everyone")
    return {pk: None if is_everyone else stored_rule(rule) for pk, rule, is_everyone in rows}


def sql_of(audience: Audience, on: date, rules: Mapping[int, Rule | None]) -> Sql:
    if audience.is_everyone:
        return TRUE
    return Writer(on, rules, path=(audience.pk,) if audience.pk else ()).rule(audience.parsed)


def matching(audience: Audience, on: date, rules: Mapping[int, Rule | None] | None = None) -> PersonQuerySet:
    """Whom the rule hits that day, as a queryset to count, search and page."""
    written = sql_of(audience, on, rules_of_all() if rules is None else rules)
    hit = "SELECT person.id FROM people_user AS person WHERE person.is_active AND " + written.text  # noqa: S608
    found: PersonQuerySet = User.objects.active()
    return found.filter(pk__in=RawSQL(hit, written.values))  # noqa: S611 - written here, values apart


def depending_on(audience_ids: Iterable[int], rules: Mapping[int, Rule | None]) -> frozenset[int]:
    """These audiences, and those whose rules name one of them, over however many steps."""
    found, waiting = set(audience_ids), list(audience_ids)
    while waiting:
        named = waiting.pop()
        users = {pk for pk, rule in rules.items() if rule and named in rule.audience_ids} - found
        found |= users
        waiting.extend(users)
    return frozenset(found)
