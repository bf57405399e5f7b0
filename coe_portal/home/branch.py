"""The coordinator's page: who of a branch owes what, narrowed and sorted, page by page.

What somebody owes is worked out by the apps, so the branch is narrowed in memory; its people are read by id.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Obligation, Text, obligation_labels
from coe_portal.home.queries import is_overdue, obligations_by_person, people_of_branch
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
            name=given["name"].strip()[:100],
        )

    @property
    def query(self) -> str:
        """Only what differs from the page as it opens."""
        given = {"show": self.show, "sort": self.sort, "below": self.below, "kind": self.kind, "name": self.name}
        usual = {"show": Show.OWING, "sort": Sort.NAME, "below": None, "kind": "", "name": ""}
        return urlencode({key: value for key, value in given.items() if value != usual[key]})


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
    """The people of a branch and what the filter leaves of them; `chosen` is in the order asked for."""

    department: Department
    today: date
    filters: Filters
    names: Mapping[int, str]
    owed: Mapping[int, list[Obligation]]
    chosen: list[int] = field(default_factory=list)

    @property
    def people(self) -> int:
        return len(self.names)

    @property
    def owing(self) -> int:
        return len(self.owed)

    @property
    def overdue(self) -> int:
        return sum(1 for items in self.owed.values() if any(is_overdue(each, self.today) for each in items))

    @property
    def to_remind(self) -> list[int]:
        """Of those that the filter leaves, who owes something."""
        return [person_id for person_id in self.chosen if person_id in self.owed]

    def shown(self, person_id: int) -> list[Obligation]:
        return [each for each in self.owed.get(person_id, []) if _fits(each, self.filters, self.today)]


@dataclass(frozen=True)
class BranchPage:
    rows: list[Owing]
    older_query: str


def read_branch(department: Department, filters: Filters, today: date) -> Branch:
    """In as many queries for 5,000 people as for one."""
    root = Department(pk=filters.below) if filters.below in branch_ids([department.pk]) else department
    everybody = people_of_branch(root, today)
    names = dict(everybody.values_list("pk", "name"))
    owed = obligations_by_person(list(names), today)
    found = Branch(department, today, filters, names, owed)
    wanted = filters.name.casefold()
    chosen = [
        person_id
        for person_id, name in names.items()
        if wanted in name.casefold() and (filters.show == Show.EVERYBODY or found.shown(person_id))
    ]
    return Branch(department, today, filters, names, owed, sorted(chosen, key=lambda each: _order(found, each)))


def page_of(branch: Branch, after: str) -> BranchPage:
    """The people behind the one named in the address, by the order and not by a number that may have moved."""
    start = 0
    if after.isdecimal() and len(after) < 19 and int(after) in branch.names:
        last = _order(branch, int(after))
        start = sum(1 for each in branch.chosen if _order(branch, each) <= last)
    ids = branch.chosen[start : start + PAGE]
    people = User.objects.in_bulk(ids)
    departments, reminded = department_names(ids, branch.today), last_reminded(ids)
    rows = [
        Owing(people[each], departments.get(each, ""), branch.shown(each), reminded.get(each))
        for each in ids
        if each in people
    ]
    more = len(branch.chosen) > start + PAGE
    older = "&".join(filter(None, [branch.filters.query, f"after={ids[-1]}"])) if more else ""
    return BranchPage(rows, older)


def departments_below(department: Department) -> Iterable[Department]:
    """With how deep each stands, in the order of the tree."""
    found: Iterable[Department] = (
        Department.objects.with_tree_fields().filter(pk__in=branch_ids([department.pk])).exclude(pk=department.pk)
    )
    return found


def kinds_owed(owed: Mapping[int, Collection[Obligation]]) -> list[tuple[str, Text, int]]:
    """Each kind that somebody owes, its label and how many obligations."""
    counts = Counter(each.kind for items in owed.values() for each in items)
    labels = obligation_labels()
    return sorted((key, labels.get(key, key), number) for key, number in counts.items())


def _fits(each: Obligation, filters: Filters, today: date) -> bool:
    if filters.kind and each.kind != filters.kind:
        return False
    if filters.show == Show.OVERDUE:
        return is_overdue(each, today)
    if filters.show == Show.SOON:
        return each.due is not None and today <= each.due <= today + SOON
    return not each.started if filters.show == Show.NEVER else True


def _order(branch: Branch, person_id: int) -> tuple[object, ...]:
    name = (branch.names[person_id].casefold(), person_id)
    if branch.filters.sort == Sort.NAME:
        return name
    shown = branch.shown(person_id)
    if branch.filters.sort == Sort.MOST:
        return (-len(shown), *name)
    return (min((each.due or date.max for each in shown), default=date.max), *name)
