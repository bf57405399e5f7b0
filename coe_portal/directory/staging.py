"""What was read from a file goes into the database in bulk: COPY, a part at a time."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from django.db import connection

from coe_portal.directory.models import DirectoryImport
from coe_portal.directory.reading import Problem, Row

# Every text is written in quotation marks and numbers are not, so this cannot be taken for a name.
NULL = float("nan")

ROW_COLUMNS = (
    "source_id", "line", "employee_number", "email", "name", "job_title", "kind", "location", "hired_on",
    "department_code", "manager_key", "outcome",
)  # fmt: skip
PROBLEM_COLUMNS = ("source_id", "line", '"column"', "value", "reason", "is_left_out")


def stage(source: DirectoryImport, rows: Sequence[Row], codes: Sequence[str]) -> None:
    """The rows with the code of each one's department, and what is wrong with them.

    A row that is left out is staged too: whom it names is in the file and does not leave.
    """
    copy(
        "directory_importrow",
        ROW_COLUMNS,
        (
            (
                source.pk, row.line, row.get("employee_number"), row.get("email"), row.get("name"),
                row.get("job_title"), row.get("kind"), row.get("location"), _day(row.hired_on), code,
                row.get("manager"), "" if row.is_good else "error",
            )
            for row, code in zip(rows, codes, strict=True)
        ),
    )  # fmt: skip
    stage_problems(source, [problem for row in rows for problem in row.problems])


def _day(day: date | None) -> str | float:
    return day.isoformat() if day else NULL


def stage_problems(source: DirectoryImport, problems: Iterable[Problem]) -> None:
    copy(
        "directory_importproblem",
        PROBLEM_COLUMNS,
        (
            (source.pk, each.line, each.column[:200], each.value, each.reason[:500], each.is_left_out)
            for each in problems
        ),
    )


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Table and columns are ours, never a reader's."""
    lines = StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    for row in rows:
        writer.writerow(row)
    if not lines.tell():
        return
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, NULL 'nan')", lines)
