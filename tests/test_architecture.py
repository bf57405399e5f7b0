"""What import contracts cannot see: keys between siblings, imports in functions, names of jobs, tables of states."""

import ast
import importlib
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field
from importlinter.cli import lint_imports

from coe_portal.celery import SCHEDULE, app
from coe_portal.core.jobs import job_names

ROOT = Path(__file__).parent.parent
PACKAGES = ("coe_portal", "policies", "training", "feedback", "metrics")
SIBLINGS = {"policies", "training", "feedback", "metrics", "home", "announcements"}

# File and module: why it cannot stand at the top of the file.
IMPORTS_INSIDE = {
    ("coe_portal/notifications/chat.py", "apprise"),  # 0.8 s and 45 MB that only those who post to a chat room load
    ("coe_portal/core/typeset.py", "typst"),  # 84 MB that only those who make a PDF load, and never before a fork
    (
        "coe_portal/people/models/people.py",
        "coe_portal.people.queries.access",
    ),  # person.access is worked out by a query over models
}

REACHES_THE_NETWORK = {
    "aiohttp", "apprise", "feedparser", "ftplib", "http.client", "httpcore", "httpx", "imaplib", "poplib", "requests",
    "smtplib", "socket", "socketserver", "urllib.request", "urllib3", "xmlrpc",
}  # fmt: skip
# Whoever else wants to read from somewhere calls `core.fetch`.
MAY_REACH = {
    ("coe_portal/core/fetch.py", "httpx"), ("coe_portal/core/fetch.py", "socket"),
    ("coe_portal/core/fetch.py", "urllib3"), ("coe_portal/core/pinned.py", "httpcore"),
    ("coe_portal/core/pinned.py", "httpx"),
    # Its session has one adapter, which sends through core.fetch; the others name its types and errors.
    ("coe_portal/identity/network.py", "requests"), ("coe_portal/identity/adapters.py", "requests"),
    ("coe_portal/identity/actions/watching.py", "requests"), ("coe_portal/identity/oidc/tokens.py", "requests"),
    ("coe_portal/identity/views/providers.py", "requests"),
    # Inside `checked_connections`.
    ("coe_portal/notifications/chat.py", "apprise"),
    # The mail server, whose address stands in the settings.
    ("coe_portal/notifications/smtp.py", "smtplib"),
    # Parse what was read.
    ("metrics/collectors/feed.py", "feedparser"), ("metrics/collectors/mastodon.py", "httpx"),
}  # fmt: skip


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name:
                yield name, ast.parse(path.read_text())


def test_imports_keep_their_directions():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None, no_logo=True) == 0


def test_no_foreign_key_joins_two_sibling_apps():
    keys = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, Field)
        and field.related_model is not None
        and {model._meta.app_label, field.related_model._meta.app_label} <= SIBLINGS
        and model._meta.app_label != field.related_model._meta.app_label
    ]

    assert keys == []


def test_modules_are_imported_at_the_top():
    found = {
        (name, module)
        for name, tree in sources()
        if not name.endswith(("/apps.py", "manage.py"))
        for module in imports_inside_functions(tree)
    }

    assert found == IMPORTS_INSIDE


def imports_inside_functions(tree: ast.Module) -> Iterator[str]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom):
                    yield node.module or ""
                elif isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)


@pytest.fixture
def jobs() -> frozenset[str]:
    """The names of all jobs, with every app's tasks loaded as a worker loads them."""
    app.loader.import_default_modules()
    return job_names()


def test_every_scheduled_job_is_defined(jobs: frozenset[str]):
    assert set(SCHEDULE) - jobs == set()


def test_every_job_that_is_asked_for_is_defined(jobs: frozenset[str]):
    asked = {
        (path, name)
        for path, tree in sources()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and called(call) in {"enqueue", "enqueue_many"}
        for name in literal_first_argument(call)
    }

    assert asked
    assert {(path, name) for path, name in asked if name not in jobs} == set()


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def literal_first_argument(call: ast.Call) -> list[str]:
    first = call.args[0] if call.args else None
    return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []


def tables_of_states() -> list[tuple[str, dict[Enum, set[Enum]]]]:
    found = []
    for name, tree in sources():
        for node in tree.body:
            targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
            for target in targets:
                if isinstance(target, ast.Name) and re.fullmatch(r"NEXT(_\w+)?|\w+_NEXT", target.id):
                    module = importlib.import_module(name.removesuffix(".py").replace("/", "."))
                    found.append((f"{name}:{target.id}", getattr(module, target.id)))
    return found


@pytest.mark.parametrize(("name", "table"), tables_of_states())
def test_every_table_of_states_is_complete(name: str, table: dict[Enum, set[Enum]]):
    states = set(type(next(iter(table))))

    assert set(table) == states
    assert {state for following in table.values() for state in following} <= states


def modules_of(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def test_the_network_is_reached_by_one_way() -> None:
    found = {
        (name, library)
        for name, tree in sources()
        for module in modules_of(tree)
        for library in REACHES_THE_NETWORK
        if module == library or module.startswith(f"{library}.")
    }

    assert found == MAY_REACH
