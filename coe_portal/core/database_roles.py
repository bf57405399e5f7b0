"""Two roles of the database: the owner makes the tables, the application role serves the portal with fewer rights.

The application role may not change or remove what is append-only (`append_only = True` on a model), so that nobody who
gets hold of the portal can rewrite its trail. Where DATABASE_OWNER_URL is not set, one role is both.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg2 import sql

CONNECTION_PARTS = ("USER", "PASSWORD", "HOST", "PORT")
MAINTAIN_SINCE = 170_000  # ANALYZE is a right of its own from this version of PostgreSQL on


def has_owner() -> bool:
    """Whether the portal serves as another role than the one that makes the tables."""
    return bool(settings.DATABASE_OWNER) and settings.DATABASE_OWNER["USER"] != settings.DATABASE_ROLE


@contextmanager
def as_owner() -> Iterator[None]:
    """The same database as its owner. Not inside a transaction: the connection is closed before and after."""
    if not has_owner() or connection.settings_dict["USER"] == settings.DATABASE_OWNER["USER"]:
        yield
        return
    served = {part: connection.settings_dict[part] for part in CONNECTION_PARTS}
    connection.close()
    connection.settings_dict.update({part: settings.DATABASE_OWNER[part] for part in CONNECTION_PARTS})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(served)


def append_only_tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


def grants(role: str, database: str, version: int) -> list[sql.Composed]:
    """What the owner grants to the application role; safe to run again after every migration."""
    names = {"role": sql.Identifier(role), "database": sql.Identifier(database)}
    rights = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE" + (", MAINTAIN" if version >= MAINTAIN_SINCE else "")
    statements = [
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {{role}}",
        "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON TABLES TO {{role}}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role}",
        "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {role}",
    ]
    composed = [sql.SQL(each).format(**names) for each in statements]
    for table in append_only_tables():
        revoked = "REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {table} FROM {role}"
        composed.append(sql.SQL(revoked).format(table=sql.Identifier(table), **names))
        revoked = "REVOKE UPDATE ON SEQUENCE {sequence} FROM {role}"
        composed.append(sql.SQL(revoked).format(sequence=sql.Identifier(f"{table}_id_seq"), **names))
    return composed


def grants_as_text(role: str) -> list[str]:
    connection.ensure_connection()
    version: int = connection.pg_version  # type: ignore[attr-defined] # of the PostgreSQL back end
    found = grants(role, connection.settings_dict["NAME"], version)
    return [f"{each.as_string(connection.connection)};" for each in found]


def grant() -> None:
    """As the owner, to the role that serves the portal."""
    if not has_owner():
        return
    with as_owner():
        statements = grants_as_text(settings.DATABASE_ROLE)
        with connection.cursor() as cursor:
            cursor.execute("\n".join(statements))


def may_rewrite() -> list[str]:
    """The append-only tables that the role which serves the portal could change all the same."""
    asked = "has_table_privilege(name, 'UPDATE') OR has_table_privilege(name, 'DELETE')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM unnest(%s) AS name WHERE {asked}", [append_only_tables()])  # noqa: S608
        return [name for (name,) in cursor.fetchall()]
