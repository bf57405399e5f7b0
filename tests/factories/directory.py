"""Directory files as an administrator would hand them in."""

import csv
from collections.abc import Sequence
from io import StringIO

from coe_portal.directory import actions, tasks
from coe_portal.directory.models import DirectoryImport
from coe_portal.people.models import User

HEADER = ("Employee number", "E-mail", "Name", "Department code", "Department name")
Line = Sequence[object]


def table(*lines: Line, header: Sequence[str] = HEADER) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue().encode()


def person_line(key: int, department: str = "ED", **changed: str) -> Line:
    told = {
        "number": f"E{key}", "email": f"e{key}@riverbend.example", "name": f"Employee {key}",
        "code": department, "department": f"Department {department}",
    } | changed  # fmt: skip
    return tuple(told.values())


def checked(by: User, content: bytes, *, kind: str = "people", is_whole: bool = True) -> DirectoryImport:
    """A file whose columns are as they were guessed, after its dry run."""
    source = actions.receive(by=by, name="people.csv", content=content, kind=kind, is_whole=is_whole)
    actions.name_columns(by=by, source=source, columns=source.columns, dates=source.dates, is_whole=source.is_whole)
    tasks.check_import(source.pk)
    source.refresh_from_db()
    return source


def brought_in(by: User, content: bytes, *, kind: str = "people", is_whole: bool = True) -> DirectoryImport:
    source = checked(by, content, kind=kind, is_whole=is_whole)
    actions.confirm(by=by, source=source, leavers_accepted=source.counts["leave"])
    tasks.apply_import(source.pk)
    source.refresh_from_db()
    return source
