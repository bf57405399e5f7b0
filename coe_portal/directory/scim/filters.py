"""Filters as queries, so that a search by name among 56,000 people reads one of them.

A filter becomes a condition that holds for everything it finds, and whether it holds for nothing else. Where it does
not, the few that are left are looked at one by one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from coe_portal.directory.models import ProvidedPerson
from coe_portal.directory.scim.resources import ENTERPRISE, parse_group, parse_member

Op = CompareOperator


@dataclass(frozen=True)
class Condition:
    query: Q
    is_exact: bool = False


ANYTHING = Condition(Q())
_TEXT_OPERATORS = {Op.eq: "iexact", Op.co: "icontains", Op.sw: "istartswith", Op.ew: "iendswith"}
_TIME_OPERATORS = {Op.gt: "gt", Op.ge: "gte", Op.lt: "lt", Op.le: "lte"}
Translate = Callable[[CompareOperator, Any], Condition]


def _time(column: str) -> Translate:
    def translate(operator: CompareOperator, value: Any) -> Condition:
        if operator not in _TIME_OPERATORS or not isinstance(value, str):
            return ANYTHING
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return ANYTHING
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return Condition(Q(**{f"{column}__{_TIME_OPERATORS[operator]}": moment}), is_exact=True)

    return translate


def _text(*columns: str, is_exact: bool = False) -> Translate:
    def translate(operator: CompareOperator, value: Any) -> Condition:
        if operator not in _TEXT_OPERATORS or not isinstance(value, str) or not value:
            return ANYTHING
        lookup = _TEXT_OPERATORS[operator]
        return Condition(reduce(or_, (Q(**{f"{column}__{lookup}": value}) for column in columns)), is_exact)

    return translate


def _user_name(operator: CompareOperator, value: Any) -> Condition:
    """Whoever the identity provider has not named signs in with their address, and is known by it."""
    if operator not in _TEXT_OPERATORS or not isinstance(value, str) or not value:
        return ANYTHING
    if operator == Op.eq:
        provided = ProvidedPerson.objects.annotate(plain=Lower("user_name")).filter(plain=value.lower())
        named = Q(pk__in=provided.filter(deleted_at=None).values("person_id"))
        return Condition(named | Q(provided=None, email=value.lower()), is_exact=True)
    lookup = _TEXT_OPERATORS[operator]
    named = Q(**{f"provided__user_name__{lookup}": value})
    return Condition(named | Q(**{"provided": None, f"email__{lookup}": value}), is_exact=True)


def _external_id(operator: CompareOperator, value: Any) -> Condition:
    is_known = operator == Op.eq and isinstance(value, str) and value
    return Condition(Q(external_id=value), is_exact=True) if is_known else ANYTHING


def _active(operator: CompareOperator, value: Any) -> Condition:
    if not isinstance(value, bool) or operator not in {Op.eq, Op.ne}:
        return ANYTHING
    return Condition(Q(is_active=value == (operator == Op.eq)), is_exact=True)


def _id(parse: Callable[[object], int | None]) -> Translate:
    def translate(operator: CompareOperator, value: Any) -> Condition:
        if operator != Op.eq:
            return ANYTHING
        number = parse(value)
        return Condition(Q(pk__in=[] if number is None else [number]), is_exact=True)

    return translate


def _email(operator: CompareOperator, value: Any) -> Condition:
    if operator != Op.eq or not isinstance(value, str):
        return ANYTHING
    return Condition(Q(email=value.lower()) | Q(provided__attributes__emails__contains=[{"value": value}]))


USERS: dict[str, Translate] = {
    "id": _id(parse_member),
    "username": _user_name,
    "externalid": _external_id,
    "active": _active,
    "emails": _email,
    "emails.value": _email,
    "displayname": _text("name"),
    "title": _text("job_title"),
    "meta.created": _time("joined_at"),
    "meta.lastmodified": _time("changed_at"),
    f"{ENTERPRISE}:employeenumber".lower(): _text("employee_number"),
}
GROUPS: dict[str, Translate] = {
    "id": _id(parse_group),
    "displayname": _text("name", is_exact=True),
    "externalid": _external_id,
    "meta.created": _time("created_at"),
    "meta.lastmodified": _time("changed_at"),
}


def _member(operator: CompareOperator, value: Any) -> Condition:
    if operator != Op.eq:
        return ANYTHING
    number = parse_member(value)
    return Condition(Q(memberships__person__in=[] if number is None else [number]))


GROUPS |= {"members": _member, "members.value": _member}


class Translator(FilterVisitor[Condition]):
    def __init__(self, attributes: Mapping[str, Translate]) -> None:
        self.attributes = attributes

    def visit_comparison(self, node: Comparison) -> Condition:
        known = self.attributes.get(str(node.attr_path).lower())
        return known(node.op, node.value) if known else ANYTHING

    def visit_present(self, node: Present) -> Condition:
        always = str(node.attr_path).lower() in {"id", "username", "active", "emails", "emails.value"}
        return Condition(Q(), is_exact=always and self.attributes is USERS)

    def visit_not(self, node: Not) -> Condition:
        found = self.visit(node.expr)
        return Condition(~found.query, is_exact=True) if found.is_exact and found.query else ANYTHING

    def visit_logical_expr(self, node: LogicalExpr) -> Condition:
        terms = [self.visit(term) for term in node.terms]
        is_exact = all(term.is_exact for term in terms)
        if node.op == LogicalOperator.and_:
            return Condition(reduce(and_, (term.query for term in terms)), is_exact)
        if any(not term.query for term in terms):
            return Condition(Q(), is_exact)
        return Condition(reduce(or_, (term.query for term in terms)), is_exact)

    def visit_value_path(self, node: ValuePath) -> Condition:
        """`emails[type eq "work" and value eq "…"]`: the part that says the value narrows the search."""
        inner = node.val_filter
        terms = inner.terms if isinstance(inner, LogicalExpr) and inner.op == LogicalOperator.and_ else (inner,)
        for term in terms:
            if isinstance(term, Comparison) and str(term.attr_path).lower() == "value":
                known = self.attributes.get(str(node.attr_path).lower())
                if known:
                    return Condition(known(term.op, term.value).query)
        return ANYTHING
