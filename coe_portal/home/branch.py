"""The coordinator's page: who of a branch owes what, narrowed, counted and put in order by the database.

What somebody owes comes from all apps as rows (see contributions.owed_by_everybody). Only of the people on a page the
obligations themselves are read.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Obligation, Text, obligation_labels, owed_by_everybody
from coe_portal.home.queries import is_overdue, obligations_by_person
from coe_portal.people.models import Department, User
from coe_portal.people.queries import branch_ids, department_names
from coe_portal.reminders.queries import last_reminded

SOON = timedelta(days=30)
PAGE = 30
SHOWN = 3


class Show(StrEnum):
    OWING = "owing"
    OVERDUE = "overdue"
    SOON = "soon"
    NEVER = "never"
    EVERYBODY = "everybody"


class Sort(StrEnum):
    NAME = "name"
    DUE = "due"
    MOST = "most"


SHOW_LABELS: dict[Show, Text] = {
    Show.OWING: _("Who owes something"),
    Show.OVERDUE: _("Who is past due"),
    Show.SOON: _("Due in the next 30 days"),
    Show.NEVER: _("Who has not started"),
    Show.EVERYBODY: _("Everybody"),
}
SORT_LABELS: dict[Sort, Text] = {
    Sort.NAME: _("Name"),
    Sort.DUE: _("Longest past due first"),
    Sort.MOST: _("Most open first"),
}

# The people of the branch, and what each owes by kind, in one go over all rows; `fits` are those that the filter shows.
_PEOPLE = """
WITH member AS MATERIALIZED (
    SELECT person.id, lower(person.name) AS name
    FROM people_user AS person
    WHERE person.is_active AND person.id IN (
        SELECT person_id FROM people_membership
        WHERE department_id = ANY(%s::bigint[]) AND starts <= %s AND (ends IS NULL OR ends > %s)
    )
), by_kind AS MATERIALIZED (
    SELECT owed.person_id, owed.kind, count(*) AS number, bool_or(owed.due < %s) AS late,
           count(*) FILTER (WHERE {fits}) AS shown, min(owed.due) FILTER (WHERE {fits}) AS due
    FROM ({owed}) AS owed (person_id, kind, due, started)
    WHERE owed.person_id IN (SELECT id FROM member)
    GROUP BY owed.person_id, owed.kind
), owing AS (
    SELECT person_id, bool_or(late) AS late, sum(shown) AS shown, min(due) AS due FROM by_kind GROUP BY person_id
), listed AS MATERIALIZED (
    SELECT member.id, member.name, owing.person_id IS NOT NULL AS owes, coalesce(owing.late, false) AS late,
           coalesce(owing.shown, 0) AS shown, coalesce(owing.due, 'infinity') AS due,
           (%s OR owing.shown > 0) AND strpos(member.name, lower(%s)) > 0 AS chosen
    FROM member LEFT JOIN owing ON owing.person_id = member.id
)
"""
_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE owes), count(*) FILTER (WHERE late), count(*) FILTER (WHERE chosen),
       count(*) FILTER (WHERE chosen AND owes),
       (SELECT jsonb_object_agg(kind, number)
        FROM (SELECT kind, sum(number) AS number FROM by_kind GROUP BY kind) AS kinds),
       ARRAY({page})
FROM listed
"""
# The people behind the one named in the address, by the order and not by a number that may have moved.
_PAGE = """
    SELECT id FROM listed
    WHERE chosen AND (NOT EXISTS (SELECT FROM listed WHERE id = %s)
                      OR ({order}) > (SELECT {order} FROM listed WHERE id = %s))
    ORDER BY {order} LIMIT %s
"""
_FITS = {
    Show.OVERDUE: "owed.due < %s",
    Show.SOON: "owed.due BETWEEN %s AND %s",
    Show.NEVER: "NOT owed.started",
}
_ORDER = {Sort.NAME: "name, id", Sort.DUE: "due, name, id", Sort.MOST: "-shown, name, id"}


@dataclass(frozen=True)
class Filters:
    """As they stand in the address; what is unknown there narrows nothing."""

    show: Show = Show.OWING
    sort: Sort = Sort.NAME
    below: int | None = None
    kind: str = ""
    name: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> Self:
        given = {name: str(asked.get(name, "")) for name in ["show", "sort", "below", "kind", "name"]}
        return cls(
            show=Show(given["show"]) if given["show"] in list(Show) else Show.OWING,
            sort=Sort(given["sort"]) if given["sort"] in list(Sort) else Sort.NAME,
            below=int(given["below"]) if given["below"].isdecimal() and len(given["below"]) < 10 else None,
            kind=given["kind"] if given["kind"] in obligation_labels() else "",
            name=given["name"].replace("\0", "").strip()[:100],
        )

    @property
    def query(self) -> str:
        """Only what differs from the page as it opens."""
        given = {"show": self.show, "sort": self.sort, "below": self.below, "kind": self.kind, "name": self.name}
        usual = {"show": Show.OWING, "sort": Sort.NAME, "below": None, "kind": "", "name": ""}
        return urlencode({key: value for key, value in given.items() if value != usual[key]})

    def fits(self, each: Obligation, today: date) -> bool:
        """As `_fits` says it to the database."""
        if self.kind and each.kind != self.kind:
            return False
        if self.show == Show.OVERDUE:
            return is_overdue(each, today)
        if self.show == Show.SOON:
            return each.due is not None and today <= each.due <= today + SOON
        return not each.started if self.show == Show.NEVER else True


@dataclass(frozen=True)
class Owing:
    """A person of a department, what they owe as far as the filter shows it, and when they were last reminded."""

    person: User
    department: str
    obligations: list[Obligation]
    reminded: datetime | None

    @property
    def first(self) -> list[Obligation]:
        return self.obligations[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.obligations) - SHOWN)


@dataclass(frozen=True)
class Branch:
    """Whom a coordinator looks at, on which day, and how narrowed."""

    department: Department
    today: date
    filters: Filters


@dataclass(frozen=True)
class Counts:
    """Of the branch how many there are, owe something and are past due; `chosen` are those that the filter leaves."""

    people: int
    owing: int
    overdue: int
    chosen: int
    to_remind: int
    kinds: Sequence[tuple[str, Text, int]]


@dataclass(frozen=True)
class BranchPage:
    counts: Counts
    rows: list[Owing]
    older_query: str


def read_page(branch: Branch, after: str) -> BranchPage:
    """In as many queries for 50,000 people as for one."""
    last = int(after) if after.isdecimal() and len(after) < 19 else 0
    page = _PAGE.format(order=_ORDER[branch.filters.sort])
    [(people, owing, overdue, chosen, to_remind, kinds, ids)] = _rows(
        branch, _COUNTS.format(page=page), [last, last, PAGE + 1]
    )
    rows = read_rows(branch, ids[:PAGE])
    older = "&".join(filter(None, [branch.filters.query, f"after={ids[PAGE - 1]}"])) if len(ids) > PAGE else ""
    found = Counts(people, owing, overdue, chosen, to_remind, _kinds_in_words(json.loads(kinds or "{}")))
    return BranchPage(found, rows, older)


def read_rows(branch: Branch, ids: Sequence[int]) -> list[Owing]:
    """These people in this order."""
    people = User.objects.in_bulk(ids)
    owed = obligations_by_person(ids, branch.today)
    departments, reminded = department_names(ids, branch.today), last_reminded(ids)
    return [
        Owing(
            people[each],
            departments.get(each, ""),
            [item for item in owed.get(each, []) if branch.filters.fits(item, branch.today)],
            reminded.get(each),
        )
        for each in ids
        if each in people
    ]


def chosen_ids(branch: Branch) -> list[int]:
    """Whom the filter leaves, in the order asked for."""
    order = _ORDER[branch.filters.sort]
    return [row[0] for row in _rows(branch, f"SELECT id FROM listed WHERE chosen ORDER BY {order}", [])]  # noqa: S608 - ours


def ids_to_remind(branch: Branch) -> list[int]:
    """Of those that the filter leaves, who owes something, by name."""
    return [row[0] for row in _rows(branch, "SELECT id FROM listed WHERE chosen AND owes ORDER BY name, id", [])]


def departments_below(department: Department) -> Iterable[Department]:
    """With how deep each stands, in the order of the tree."""
    found: Iterable[Department] = (
        Department.objects.with_tree_fields().filter(pk__in=branch_ids([department.pk])).exclude(pk=department.pk)
    )
    return found


def _rows(branch: Branch, select: str, more: Sequence[Any]) -> list[tuple[Any, ...]]:
    owed, (fits, fitting) = owed_by_everybody(branch.today), _fits(branch.filters, branch.today)
    of = branch_ids([branch.department.pk])
    within = branch_ids([branch.filters.below]) if branch.filters.below in of else of
    today, everybody = branch.today, branch.filters.show == Show.EVERYBODY
    values = [
        list(within),
        today,
        today,
        today,
        *fitting,
        *fitting,
        *owed.values,
        everybody,
        branch.filters.name,
        *more,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(fits=fits, owed=owed.sql) + select, values)
        return list(cursor.fetchall())


def _fits(filters: Filters, today: date) -> tuple[str, list[Any]]:
    """As a condition on a row of what is owed, with its values."""
    days: dict[Show, list[Any]] = {Show.OVERDUE: [today], Show.SOON: [today, today + SOON]}
    parts, values = ["true"], list[Any]()
    if filters.show in _FITS:
        parts.append(_FITS[filters.show])
        values += days.get(filters.show, [])
    if filters.kind:
        parts.append("owed.kind = %s")
        values.append(filters.kind)
    return " AND ".join(parts), values


def _kinds_in_words(kinds: dict[str, int]) -> list[tuple[str, Text, int]]:
    """Each kind that somebody owes, its label and how many obligations."""
    labels = obligation_labels()
    return sorted((key, labels.get(key, key), int(number)) for key, number in kinds.items())
