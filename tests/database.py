"""The test database: migrated once into a template, then copied, which takes a fraction of a second.

The template's name carries a digest of everything that shapes the schema, so that it is made anew exactly when needed,
and every worker of a parallel run copies the same one. Imported by `conftest.py`.
"""

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from coe_portal.core.database_roles import as_owner

ROOT = Path(__file__).resolve().parent.parent
ONE_AT_A_TIME = 7_238_511  # any number, but the same for every process


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    origin = connection.settings_dict["NAME"]
    test = f"test_{origin}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with django_db_blocker.unblock():
        with administration() as cursor:
            template = _template(cursor, origin)
        _copy(template, test)
        _use(test)
    # Django would empty every table, the rows that migrations made too. A new copy is exact, and quicker.
    TransactionTestCase._fixture_teardown = lambda _case: _copy(template, test)  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        _use(origin)
        with administration() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{test}" WITH (FORCE)')


@contextmanager
def another_copy(name: str) -> Iterator[str]:
    """The name of one more copy of the empty database, for as long as it lasts."""
    shared = connection.settings_dict["NAME"]
    mine = f"{shared}_{name}"
    with administration() as cursor:
        template = _template(cursor, shared.removeprefix("test_").rpartition("_")[0])
    _copy(template, mine)
    try:
        yield mine
    finally:
        connection.close()
        with administration() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{mine}" WITH (FORCE)')


@contextmanager
def using(name: str) -> Iterator[None]:
    """That database, in place of the one that tests share."""
    shared = connection.settings_dict["NAME"]
    _use(name)
    try:
        yield
    finally:
        _use(shared)


@contextmanager
def administration() -> Iterator[CursorWrapper]:
    """For statements about whole databases, which are their owner's."""
    with as_owner(), connection._nodb_cursor() as cursor:
        yield cursor


def _copy(template: str, test: str) -> None:
    connection.close()
    with administration() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{test}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{test}" TEMPLATE "{template}"')


def _template(cursor: CursorWrapper, origin: str) -> str:
    """The name of the migrated template; made now if it is missing, in place of older ones."""
    wanted = f"template_{origin}_{_digest_of_schema()}"
    cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    try:
        found = _databases(cursor, f"template_{origin}_")
        if wanted not in found:
            for outdated in found:
                cursor.execute(f'DROP DATABASE "{outdated}" WITH (FORCE)')
            _migrate_new(cursor, f"{wanted}_unfinished")
            cursor.execute(f'ALTER DATABASE "{wanted}_unfinished" RENAME TO "{wanted}"')
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
    return wanted


def _databases(cursor: CursorWrapper, prefix: str) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [name for (name,) in cursor.fetchall()]


def _migrate_new(cursor: CursorWrapper, name: str) -> None:
    cursor.execute(f'CREATE DATABASE "{name}"')
    _use(name)
    gc.disable()  # migrations build every model again at every step: a third of the time is the collector's
    call_command("migrate", interactive=False, verbosity=0)
    gc.enable()
    connection.close()


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _digest_of_schema() -> str:
    own_apps = [Path(app.path) for app in apps.get_app_configs() if (ROOT / app.name.replace(".", "/")).is_dir()]
    shaping = [
        ROOT / "requirements.txt",
        *ROOT.glob("coe_portal/settings/*.py"),
        *ROOT.glob("metrics/collection/dictionary.py"),
    ]
    shaping += [path for folder in own_apps for path in (folder / "migrations").glob("*.*")]
    whole = hashlib.sha256()
    for path in sorted(shaping):
        whole.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()[:16]
