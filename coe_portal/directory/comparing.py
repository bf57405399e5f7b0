"""What the rows of a file mean, set against the people who are there: statements over all of them at once.

Rows that were brought in already are left as they are, so that it can be said again after a part was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from coe_portal.directory.models import DirectoryImport
from coe_portal.people.access import Role

_FRESH = "r.source_id = %(source)s AND NOT r.is_applied"

MATCH = (
    f"""UPDATE directory_importrow r SET person_id = NULL, department_id = NULL
        WHERE {_FRESH} AND (r.person_id IS NOT NULL OR r.department_id IS NOT NULL)""",
    f"""UPDATE directory_importrow r SET person_id = u.id FROM people_user u
        WHERE {_FRESH} AND r.employee_number <> '' AND u.employee_number = r.employee_number""",
    # Somebody who was added by hand, and whom the directory knows by their address, is the directory's from now on.
    f"""UPDATE directory_importrow r SET person_id = u.id FROM people_user u
        WHERE {_FRESH} AND r.person_id IS NULL AND r.email <> '' AND u.email = r.email AND u.merged_into_id IS NULL
          AND (u.employee_number = '' OR r.outcome = 'error')""",
    # The same name and address under a number that nobody had: the same person, numbered anew.
    f"""UPDATE directory_importrow r SET person_id = u.id FROM people_user u
        WHERE {_FRESH} AND r.person_id IS NULL AND r.outcome <> 'error' AND u.email = r.email
          AND lower(u.name) = lower(r.name) AND u.merged_into_id IS NULL AND u.employee_number <> ''
          AND NOT EXISTS (SELECT FROM directory_importrow o
                          WHERE o.source_id = %(source)s AND o.person_id = u.id AND o.line IS NOT NULL)""",
    f"""UPDATE directory_importrow r SET department_id = d.id FROM people_department d
        WHERE {_FRESH} AND r.department_code <> '' AND d.code = r.department_code""",
)

# Who a row that was left out means all the same: they are in the file and do not leave.
MATCH_LEFT_OUT = f"""
    UPDATE directory_importrow r SET person_id = u.id FROM people_user u
    WHERE {_FRESH} AND r.person_id IS NULL AND r.outcome = 'error' AND r.email <> '' AND u.email = r.email
      AND u.merged_into_id IS NULL"""

_STAYS_BY_ITSELF = """(u.id = %(by)s OR EXISTS (
    SELECT FROM people_rolegrant g WHERE g.person_id = u.id AND g.role = %(administrator)s
    AND (g.ends IS NULL OR g.ends > %(today)s)))"""
_NOT_IN_THE_FILE = """NOT EXISTS (
    SELECT FROM directory_importrow f
    WHERE f.source_id = %(source)s AND f.person_id = u.id AND f.line IS NOT NULL)"""

# Every address that a row asks for and that somebody else has; `gives`: they get another one by this file, have left,
# or leave by it, so that the address is free when the file is brought in.
_HELD = f"""
    SELECT r.id, r.line, r.email, u.id AS holder_id, u.name, u.employee_number, n.email AS next_email,
           (n.id IS NOT NULL AND u.email = r.email)
           OR ({_NOT_IN_THE_FILE} AND NOT {_STAYS_BY_ITSELF}
               AND (NOT u.is_active OR (%(is_whole)s AND u.employee_number <> ''))) AS gives
    FROM directory_importrow r
    JOIN (SELECT id AS person_id, email FROM people_user UNION SELECT user_id, lower(email) FROM account_emailaddress) a
      ON a.email = r.email AND a.person_id IS DISTINCT FROM r.person_id
    JOIN people_user u ON u.id = a.person_id
    LEFT JOIN directory_importrow n ON n.source_id = r.source_id AND n.person_id = u.id AND n.outcome <> 'error'
          AND n.line IS NOT NULL AND n.email <> u.email
    WHERE {_FRESH} AND r.line IS NOT NULL AND r.outcome <> 'error'"""

TAKEN = f"SELECT id, line, email, name, employee_number FROM ({_HELD}) h WHERE NOT gives ORDER BY line"

# Those whose address goes to somebody else because the directory has them no longer.
FREED = f"""SELECT id, line, email, name, employee_number FROM ({_HELD}) h
    WHERE gives AND next_email IS NULL ORDER BY line"""

GIVING = f"SELECT DISTINCT holder_id, email, next_email FROM ({_HELD}) h WHERE gives"

MERGED = f"""
    SELECT r.id, r.line, r.employee_number, into_.name
    FROM directory_importrow r
    JOIN people_user u ON u.id = r.person_id JOIN people_user into_ ON into_.id = u.merged_into_id
    WHERE {_FRESH} AND r.outcome <> 'error' ORDER BY r.line"""

OUTCOME = f"""
    UPDATE directory_importrow r
    SET outcome = CASE WHEN r.person_id IS NULL THEN 'join'
                       WHEN (SELECT is_active FROM people_user u WHERE u.id = r.person_id) THEN 'stay'
                       ELSE 'back' END,
        moves = false, changed = '[]'
    WHERE {_FRESH} AND r.line IS NOT NULL AND r.outcome <> 'error'"""

MOVES = f"""
    UPDATE directory_importrow r SET moves = true
    WHERE {_FRESH} AND r.outcome IN ('stay', 'back') AND r.department_code <> ''
      AND (r.department_id IS NULL
           OR NOT EXISTS (SELECT FROM people_membership m WHERE m.person_id = r.person_id
                          AND m.department_id = r.department_id
                          AND m.starts <= %(today)s AND (m.ends IS NULL OR m.ends > %(today)s))
           OR EXISTS (SELECT FROM people_membership m WHERE m.person_id = r.person_id
                      AND m.department_id <> r.department_id AND m.from_directory
                      AND m.starts <= %(today)s AND (m.ends IS NULL OR m.ends > %(today)s)))"""

# The condition under which a column of the file changes a person; only mapped columns count.
CHANGES = {
    "employee_number": "u.employee_number <> r.employee_number",
    "email": "u.email <> r.email",
    "name": "u.name <> r.name",
    "job_title": "u.job_title <> r.job_title",
    "kind": "r.kind <> '' AND u.kind <> r.kind",
    "location": "u.location <> r.location",
    "hired_on": "r.hired_on IS NOT NULL AND u.hired_on IS DISTINCT FROM r.hired_on",
    "manager": """CASE WHEN r.manager_key = '' THEN u.manager_id IS NOT NULL ELSE k.manager_key IS NOT NULL
                  AND (k.is_new OR k.person_id <> u.id AND u.manager_id IS DISTINCT FROM k.person_id) END""",
}

# Who is meant by what stands in the manager's column: somebody in the file or somebody who is here.
MANAGERS = """
    SELECT k.manager_key, COALESCE(n.id, e.id) AS person_id, COALESCE(n.id, e.id) IS NULL AS is_new
    FROM (SELECT DISTINCT manager_key FROM directory_importrow
          WHERE source_id = %(source)s AND manager_key <> '' AND outcome <> 'error') k
    LEFT JOIN people_user n ON n.employee_number = k.manager_key
    LEFT JOIN people_user e ON e.email = k.manager_key AND e.merged_into_id IS NULL
    WHERE n.id IS NOT NULL OR e.id IS NOT NULL
       OR EXISTS (SELECT FROM directory_importrow s WHERE s.source_id = %(source)s AND s.outcome <> 'error'
                  AND s.employee_number = k.manager_key)
       OR EXISTS (SELECT FROM directory_importrow s WHERE s.source_id = %(source)s AND s.outcome <> 'error'
                  AND s.email = k.manager_key)"""

UNKNOWN_MANAGERS = f"""
    SELECT r.line, r.manager_key FROM directory_importrow r
    LEFT JOIN ({MANAGERS}) k ON k.manager_key = r.manager_key
    WHERE {_FRESH} AND r.outcome <> 'error' AND r.manager_key <> '' AND k.manager_key IS NULL ORDER BY r.line"""

LEAVERS = f"""
    INSERT INTO directory_importrow (source_id, outcome, person_id, name, email, employee_number)
    SELECT %(source)s,
           CASE WHEN {_STAYS_BY_ITSELF} THEN 'kept' ELSE 'leave' END,
           u.id, u.name, u.email, u.employee_number
    FROM people_user u
    WHERE u.is_active AND u.employee_number <> ''
      AND NOT EXISTS (SELECT FROM directory_importrow r WHERE r.source_id = %(source)s AND r.person_id = u.id)"""

COUNTS = """
    SELECT count(*) FILTER (WHERE outcome = 'join'), count(*) FILTER (WHERE outcome = 'back'),
           count(*) FILTER (WHERE moves), count(*) FILTER (WHERE outcome = 'stay' AND changed <> '[]'),
           count(*) FILTER (WHERE outcome = 'stay' AND changed = '[]' AND NOT moves),
           count(*) FILTER (WHERE outcome = 'leave'), count(*) FILTER (WHERE outcome = 'kept'),
           count(*) FILTER (WHERE outcome = 'error')
    FROM directory_importrow WHERE source_id = %(source)s"""
COUNTED = ("join", "back", "move", "change", "same", "leave", "kept", "error")


@dataclass(frozen=True)
class Taken:
    """A row whose address is somebody else's."""

    row_id: int
    line: int
    value: str
    name: str
    employee_number: str = ""


@contextmanager
def over_whole_tables() -> Iterator[Any]:
    """A cursor whose statements never go row by row through tables that were filled a moment ago.

    The planner does not know yet how full they are, and takes the loop that suits empty ones.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop = on")


def match(source: DirectoryImport) -> None:
    with over_whole_tables() as cursor:
        for statement in MATCH:
            cursor.execute(statement, {"source": source.pk})


def match_left_out(source: DirectoryImport) -> None:
    with over_whole_tables() as cursor:
        cursor.execute(MATCH_LEFT_OUT, {"source": source.pk})


def taken(source: DirectoryImport, on: date) -> list[Taken]:
    return [Taken(*row) for row in _rows(TAKEN, values_of(source, on))]


def freed(source: DirectoryImport, on: date) -> list[Taken]:
    return [Taken(*row) for row in _rows(FREED, values_of(source, on))]


def giving(source: DirectoryImport, on: date) -> list[tuple[int, str, str | None]]:
    """Who gives an address to somebody else by this file: the person, the address, and their next one."""
    return _rows(GIVING, values_of(source, on))


def values_of(source: DirectoryImport, on: date) -> dict[str, Any]:
    return {
        "source": source.pk, "today": on, "by": source.by_id, "administrator": Role.ADMINISTRATOR.value,
        "is_whole": source.is_whole,
    }  # fmt: skip


def merged(source: DirectoryImport) -> list[Taken]:
    return [Taken(*row) for row in _rows(MERGED, {"source": source.pk})]


def decide(source: DirectoryImport, on: date) -> None:
    """Who joins, comes back, moves, changes, leaves. Nobody leaves by a file that holds a part only."""
    mapped = {"employee_number", "name", *source.columns}
    tests = ", ".join(f"CASE WHEN {condition} THEN '{key}' END" for key, condition in CHANGES.items() if key in mapped)
    differs = " OR ".join(f"({condition})" for key, condition in CHANGES.items() if key in mapped)
    changes = f"""
        UPDATE directory_importrow r SET changed = to_jsonb(array_remove(ARRAY[{tests}]::text[], NULL))
        FROM people_user u, directory_importrow same
        LEFT JOIN ({MANAGERS}) k ON k.manager_key = same.manager_key
        WHERE {_FRESH} AND same.id = r.id AND r.outcome IN ('stay', 'back') AND u.id = r.person_id AND ({differs})"""
    values = values_of(source, on)
    with over_whole_tables() as cursor:
        cursor.execute(
            "DELETE FROM directory_importrow WHERE source_id = %(source)s AND line IS NULL AND NOT is_applied", values
        )
        for statement in (OUTCOME, MOVES, changes, *([LEAVERS] if source.is_whole else [])):
            cursor.execute(statement, values)


def unknown_managers(source: DirectoryImport) -> list[tuple[int, str]]:
    return _rows(UNKNOWN_MANAGERS, {"source": source.pk})


def counts(source: DirectoryImport) -> dict[str, int]:
    return dict(zip(COUNTED, _rows(COUNTS, {"source": source.pk})[0], strict=True))


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with over_whole_tables() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
