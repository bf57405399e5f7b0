"""The dry run: every row is read and set against the people who are there; nobody is changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from coe_portal.core.sheets import Unreadable
from coe_portal.directory import comparing
from coe_portal.directory.models import DirectoryImport, ImportDepartment, ImportRow
from coe_portal.directory.reading import Problem, Reader, Row, first_sheet
from coe_portal.directory.staging import stage, stage_problems
from coe_portal.directory.trees import Told, below, circles
from coe_portal.people.models import Department

PART = 5_000


def run_check(*, source: DirectoryImport, on: date) -> None:
    """Safe to run again: it begins by forgetting what it has found before."""
    _forget(source)
    with translation.override(source.by.language):
        try:
            gathered = _read(source, on)
        except Unreadable as unreadable:
            DirectoryImport.objects.filter(pk=source.pk).update(
                state=DirectoryImport.State.FAILED, error=str(unreadable)
            )
            return
        with transaction.atomic():
            _settle_departments(source, gathered)
            compare(source, on)
            DirectoryImport.objects.filter(pk=source.pk).update(
                state=DirectoryImport.State.CHECKED, counts=_counts(source)
            )


def _forget(source: DirectoryImport) -> None:
    source.rows.all().delete()
    source.problems.all().delete()
    source.departments.all().delete()


def _counts(source: DirectoryImport) -> dict[str, int]:
    found = comparing.counts(source)
    outcomes = list(source.departments.values_list("outcome", flat=True))
    return {
        **found,
        "left_out": source.problems.filter(is_left_out=True).values("line").distinct().count(),
        "notes": source.problems.filter(is_left_out=False).count(),
        "departments_new": outcomes.count("new"),
        "departments_changed": outcomes.count("change"),
        "departments_same": outcomes.count("same"),
    }


def compare(source: DirectoryImport, on: date) -> None:
    """What each row means today. What cannot be is said and left out."""
    comparing.match(source)
    _leave_out_merged(source)
    while _leave_out_taken(source, on):
        # Who was left out keeps their own address, which somebody else may have been waiting for.
        pass
    comparing.match_left_out(source)
    comparing.decide(source, on)
    _note(source, "manager", [
        (line, key, _("Nobody in the file or in the portal has this number or address. The manager stays as they are."))
        for line, key in comparing.unknown_managers(source)
    ])  # fmt: skip
    told = _(
        "This was the address of %(name)s%(number)s, who has left. If they are one person, make the two accounts one."
    )
    _note(source, "email", [
        (each.line, each.value, told % {"name": each.name, "number": _in_brackets(each.employee_number)})
        for each in comparing.freed(source, on)
    ])  # fmt: skip


def _note(source: DirectoryImport, key: str, found: Iterable[tuple[int, str, str]]) -> None:
    """What is worth a look, in place of what was noted of this column before. The rows are brought in."""
    column = _column(source, key)
    source.problems.filter(is_left_out=False, column=column).delete()
    stage_problems(source, [Problem(line, column, value, why, is_left_out=False) for line, value, why in found])


def _column(source: DirectoryImport, key: str) -> str:
    number = source.columns.get(key)
    return source.header[number] if number is not None else ""


def _leave_out_taken(source: DirectoryImport, on: date) -> bool:
    """Whether any row was left out."""
    told = _("This address is %(name)s's%(number)s. Correct it, or make the two accounts one.")
    return _leave_out_rows(source, "email", [
        (each, told % {"name": each.name, "number": _in_brackets(each.employee_number)})
        for each in comparing.taken(source, on)
    ])  # fmt: skip


def _leave_out_merged(source: DirectoryImport) -> bool:
    told = _("This account was made one with %(name)s's. Use their employee number.")
    return _leave_out_rows(
        source, "employee_number", [(each, told % {"name": each.name}) for each in comparing.merged(source)]
    )


def _in_brackets(number: str) -> str:
    return f" ({number})" if number else ""


def _leave_out_rows(source: DirectoryImport, key: str, found: Sequence[tuple[comparing.Taken, str]]) -> bool:
    column = _column(source, key)
    stage_problems(source, [Problem(each.line, column, each.value, why) for each, why in found])
    rows = ImportRow.objects.filter(pk__in=[each.row_id for each, _why in found])
    return bool(rows.update(outcome=ImportRow.Outcome.ERROR))


class Gathered:
    """The departments that the rows tell of, and the codes and names that are known already."""

    def __init__(self, source: DirectoryImport) -> None:
        self.has_codes = "department_code" in source.columns
        self.has_names = "department_name" in source.columns
        self.told: dict[str, Told] = {}
        rows = list(Department.objects.filter(closed_on=None).values_list("code", "name", "parent__code"))
        self.parents = {code: parent or "" for code, _name, parent in rows}
        self.code_of = {name.casefold(): code for code, name, _parent in rows}

    def take(self, row: Row, columns: Mapping[str, int]) -> str:
        """Note what a row tells of its department, and return the code."""
        name = row.get("department_name")
        code = row.get("department_code") or ("" if self.has_codes else self._code_for(name))
        if code and code not in self.told and row.is_good:
            parent = row.get("parent_code") if "parent_code" in columns else None
            self.told[code] = Told(row.line, code, name, parent, row.get("location") if len(columns) < 5 else "")
        return code

    def _code_for(self, name: str) -> str:
        return str(self.code_of.get(name.casefold(), name[:50]))


def _read(source: DirectoryImport, on: date) -> Gathered:
    content = bytes(source.content)
    header, lines = first_sheet(source.kind, content)
    # How many a workbook holds is only known when it is read.
    expected = 0 if content.startswith(b"PK") else max(content.count(b"\n") - 1, 0)
    DirectoryImport.objects.filter(pk=source.pk).update(rows_total=expected)
    reader = Reader(source.kind, header, source.columns, source.dates, on)
    gathered, done = Gathered(source), 0
    for part in _parts(reader.read(lines)):
        codes = [gathered.take(row, source.columns) for row in part]
        done += len(part)
        with transaction.atomic():
            if source.is_of_people:
                stage(source, part, codes)
            else:
                stage_problems(source, [problem for row in part for problem in row.problems])
            DirectoryImport.objects.filter(pk=source.pk).update(rows_done=done)
    DirectoryImport.objects.filter(pk=source.pk).update(rows_total=done)
    return gathered


def _parts(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while part := list(islice(rows, PART)):
        yield part


def _settle_departments(source: DirectoryImport, gathered: Gathered) -> None:
    """Keep the departments that can be; leave out the rows of those that cannot."""
    told = gathered.told
    tree = gathered.parents | {each.code: each.parent for each in told.values() if each.parent is not None}
    tree = {code: tree.get(code, "") for code in {*tree, *told}}
    reasons = _unknown(source, gathered, tree)
    rings = circles(tree)
    for code in below(rings, tree):
        if code in told:
            path = " > ".join(rings.get(code) or next(iter(rings.values())))
            reasons[code] = _("The departments go round in a circle: %(path)s.") % {"path": path}
    _leave_out(source, told, reasons)
    _keep(source, [each for each in told.values() if each.code not in reasons])


def _unknown(source: DirectoryImport, gathered: Gathered, tree: Mapping[str, str]) -> dict[str, str]:
    reasons = {}
    for each in gathered.told.values():
        if each.parent and each.parent not in tree:
            reasons[each.code] = _("The department above, “%(code)s”, is unknown.") % {"code": each.parent}
        elif each.code not in gathered.parents and not each.name and source.is_of_people:
            reasons[each.code] = _(
                "The department “%(code)s” is unknown. Bring the departments in first, or add a column of their names."
            ) % {"code": each.code}
    return reasons


def _leave_out(source: DirectoryImport, told: Mapping[str, Told], reasons: Mapping[str, str]) -> None:
    column = _column(source, "department_code") or _column(source, "department_name")
    if not source.is_of_people:
        stage_problems(source, [Problem(told[code].line, column, code, why) for code, why in reasons.items()])
        return
    rows = source.rows.filter(department_code__in=list(reasons)).exclude(outcome=ImportRow.Outcome.ERROR)
    stage_problems(
        source,
        [
            Problem(line or 0, column, code, reasons[code])
            for line, code in rows.order_by("line").values_list("line", "department_code")
        ],
    )
    rows.update(outcome=ImportRow.Outcome.ERROR)


def _keep(source: DirectoryImport, told: Iterable[Told]) -> None:
    known = {each.code: each for each in Department.objects.select_related("parent")}
    ImportDepartment.objects.bulk_create(
        [
            ImportDepartment(
                source=source,
                line=each.line,
                code=each.code,
                name=each.name or (known[each.code].name if each.code in known else each.code),
                parent_code=each.parent,
                location=each.location,
                outcome=outcome,
                changed=changed,
            )
            for each in told
            for outcome, changed in [_against(each, known.get(each.code))]
        ]
    )


def _against(told: Told, known: Department | None) -> tuple[str, list[str]]:
    if known is None:
        return "new", []
    changed = [
        key
        for key, differs in {
            "name": bool(told.name) and told.name != known.name,
            "parent": told.parent is not None and told.parent != (known.parent.code if known.parent else ""),
            "location": bool(told.location) and told.location != known.location,
            "closed": known.closed_on is not None,
        }.items()
        if differs
    ]
    return ("change" if changed else "same"), changed
