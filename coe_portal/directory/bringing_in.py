"""What a part of the rows changes, as statements over the whole part. Run inside one transaction a part."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from coe_portal.directory.comparing import MANAGERS, over_whole_tables
from coe_portal.directory.models import DirectoryImport

_PART = "r.id = ANY(%(ids)s)"

# Nobody can sign in with this: a password that begins with "!" fits no hash.
JOIN = f"""
    WITH added AS (
        INSERT INTO people_user (email, name, job_title, kind, location, hired_on, employee_number, password,
                                 language, time_zone, is_active, joined_at, changed_at)
        SELECT r.email, r.name, r.job_title, COALESCE(NULLIF(r.kind, ''), 'office'), r.location, r.hired_on,
               r.employee_number, '!' || md5(random()::text) || md5(random()::text),
               %(language)s, %(time_zone)s, true, %(now)s, %(now)s
        FROM directory_importrow r WHERE {_PART} AND r.outcome = 'join'
        RETURNING id, employee_number)
    UPDATE directory_importrow r SET person_id = added.id FROM added
    WHERE {_PART} AND r.outcome = 'join' AND added.employee_number = r.employee_number"""

JOINERS_ADDRESSES = f"""
    INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    SELECT r.person_id, r.email, true, true FROM directory_importrow r WHERE {_PART} AND r.outcome = 'join'"""

# Whoever comes to be the directory's: the departments they were put in by hand are, too.
ADOPT = f"""
    UPDATE people_membership m SET from_directory = true
    FROM directory_importrow r JOIN people_user u ON u.id = r.person_id
    WHERE {_PART} AND r.outcome IN ('stay', 'back') AND r.changed ? 'employee_number' AND r.department_code <> ''
      AND m.person_id = r.person_id AND NOT m.from_directory AND (m.ends IS NULL OR m.ends > %(today)s)"""

OLD_ADDRESSES = (
    f"""DELETE FROM account_emailaddress a USING directory_importrow r
        WHERE {_PART} AND r.changed ? 'email' AND a.user_id = r.person_id AND NOT a."primary"
          AND lower(a.email) = r.email""",
    f"""UPDATE account_emailaddress a SET email = r.email, verified = true FROM directory_importrow r
        WHERE {_PART} AND r.changed ? 'email' AND a.user_id = r.person_id AND a."primary" """,
)

_SET = {
    "employee_number": "employee_number = r.employee_number",
    "email": "email = r.email",
    "name": "name = r.name",
    "job_title": "job_title = r.job_title",
    "kind": "kind = COALESCE(NULLIF(r.kind, ''), u.kind)",
    "location": "location = r.location",
    "hired_on": "hired_on = COALESCE(r.hired_on, u.hired_on)",
}

# An address that goes from one person to another is free before anybody gets it, whatever the order of the rows.
GIVE_UP = (
    """DELETE FROM account_emailaddress WHERE user_id = ANY(%(holders)s) AND lower(email) = ANY(%(addresses)s)""",
    """UPDATE people_user SET email = 'left-' || id || '@left.invalid', changed_at = %(now)s
       WHERE id = ANY(%(holders)s) AND email = ANY(%(addresses)s)""",
)
GET_AFTERWARDS = (
    """UPDATE people_user u SET email = g.email
       FROM (SELECT unnest(%(movers)s::bigint[]) AS id, unnest(%(next)s::text[]) AS email) g WHERE u.id = g.id""",
    """INSERT INTO account_emailaddress (user_id, email, verified, "primary")
       SELECT g.id, g.email, true, true
       FROM (SELECT unnest(%(movers)s::bigint[]) AS id, unnest(%(next)s::text[]) AS email) g
       WHERE NOT EXISTS (SELECT FROM account_emailaddress a WHERE a.user_id = g.id AND a."primary")""",
)

CURRENT = "m.starts <= %(today)s AND (m.ends IS NULL OR m.ends > %(today)s)"

# In this order: what began today never counted, the rest ends today; then the new one begins, unless it is there.
MOVE = (
    f"""DELETE FROM people_membership m USING directory_importrow r
        WHERE {_PART} AND r.moves AND m.person_id = r.person_id AND m.department_id <> r.department_id
          AND m.from_directory AND m.starts >= %(today)s AND (m.ends IS NULL OR m.ends > %(today)s)""",
    f"""UPDATE people_membership m SET ends = %(today)s FROM directory_importrow r
        WHERE {_PART} AND r.moves AND m.person_id = r.person_id AND m.department_id <> r.department_id
          AND m.from_directory AND {CURRENT}""",
    f"""UPDATE people_membership m SET starts = LEAST(m.starts, %(today)s), from_directory = true
        FROM directory_importrow r
        WHERE {_PART} AND m.person_id = r.person_id AND m.department_id = r.department_id
          AND (m.ends IS NULL OR m.ends > %(today)s)
          AND m.id = (SELECT o.id FROM people_membership o WHERE o.person_id = r.person_id
                      AND o.department_id = r.department_id AND (o.ends IS NULL OR o.ends > %(today)s)
                      ORDER BY o.starts LIMIT 1)
          AND (r.moves OR r.outcome = 'join')""",
    f"""INSERT INTO people_membership (person_id, department_id, starts, from_directory)
        SELECT r.person_id, r.department_id, %(today)s, true FROM directory_importrow r
        WHERE {_PART} AND r.department_id IS NOT NULL AND (r.moves OR r.outcome = 'join')
          AND NOT EXISTS (SELECT FROM people_membership m WHERE m.person_id = r.person_id
                          AND m.department_id = r.department_id AND (m.ends IS NULL OR m.ends > %(today)s))""",
)

SET_MANAGERS = f"""
    UPDATE people_user u SET manager_id = k.person_id, changed_at = %(now)s
    FROM directory_importrow r JOIN ({MANAGERS}) k ON k.manager_key = r.manager_key
    WHERE r.source_id = %(source)s AND r.is_applied AND u.id = r.person_id AND r.outcome IN ('join', 'back', 'stay')
      AND k.person_id IS NOT NULL AND k.person_id <> u.id AND u.manager_id IS DISTINCT FROM k.person_id
    RETURNING u.id"""

NO_MANAGERS = """
    UPDATE people_user u SET manager_id = NULL, changed_at = %(now)s FROM directory_importrow r
    WHERE r.source_id = %(source)s AND r.is_applied AND u.id = r.person_id AND r.outcome IN ('back', 'stay')
      AND r.manager_key = '' AND u.manager_id IS NOT NULL
    RETURNING u.id"""

DEPARTMENTS = """
    UPDATE directory_importrow r SET department_id = d.id FROM people_department d
    WHERE r.source_id = %(source)s AND r.department_id IS NULL AND r.department_code <> ''
      AND d.code = r.department_code"""


def bring_in(source: DirectoryImport, ids: Sequence[int], at: datetime, on: date) -> None:
    """Join, change and move the people of these rows; who leaves and who may come back is for people to do."""
    values: dict[str, Any] = {
        "ids": list(ids), "now": at, "today": on,
        "language": settings.LANGUAGE_CODE, "time_zone": settings.TIME_ZONE,
    }  # fmt: skip
    sets = ", ".join(change for key, change in _SET.items() if key in {"employee_number", "name", *source.columns})
    change = f"""
        UPDATE people_user u SET {sets}, changed_at = %(now)s FROM directory_importrow r
        WHERE {_PART} AND r.outcome IN ('stay', 'back') AND r.changed <> '[]' AND u.id = r.person_id"""
    with over_whole_tables() as cursor:
        cursor.execute(JOIN, values)
    with connection.cursor() as cursor:
        for statement in (JOINERS_ADDRESSES, ADOPT, *OLD_ADDRESSES, change, *MOVE):
            cursor.execute(statement, values)


def hand_on_addresses(giving: Sequence[tuple[int, str, str | None]], at: datetime) -> list[int]:
    """All at once: who swaps with whom, and who has left. Returns whom it changed."""
    movers = {holder: following for holder, _address, following in giving if following}
    holders = [holder for holder, _address, _next in giving]
    values: dict[str, Any] = {
        "holders": holders,
        "addresses": [address for _holder, address, _next in giving],
        "movers": list(movers), "next": list(movers.values()), "now": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (*GIVE_UP, *GET_AFTERWARDS):
            cursor.execute(statement, values)
    return holders


def find_departments(source: DirectoryImport) -> None:
    """The rows that waited for a department to be made."""
    with over_whole_tables() as cursor:
        cursor.execute(DEPARTMENTS, {"source": source.pk})


def set_managers(source: DirectoryImport, at: datetime) -> list[int]:
    """When everybody is there: a manager may stand below their people in the file. Returns whom it changed."""
    changed: list[int] = []
    with over_whole_tables() as cursor:
        for statement in (SET_MANAGERS, NO_MANAGERS):
            cursor.execute(statement, {"source": source.pk, "now": at})
            changed += [row[0] for row in cursor.fetchall()]
    return changed
