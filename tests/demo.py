"""The demo organisation in a database of its own, and sessions of a person of each role. Imported by `conftest.py`."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from coe_portal.demo.build import build
from coe_portal.people.models import User
from tests.database import another_copy, using
from tests.permissions.samples import person
from tests.permissions.table import ROLES

Sessions = dict[str, str]


@pytest.fixture(scope="session")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, Sessions]]:
    """The name of a database with the demo organisation in it and, per role, the key of a session."""
    with django_db_blocker.unblock(), another_copy("demo") as name:
        with using(name):
            build()
            sessions = {role: session_of(person(role)) for role in ROLES if role != "nobody"}
        yield name, sessions


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="coe_portal.people.backends.PortalBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="module")
def sessions(demo: tuple[str, Sessions], django_db_blocker: DjangoDbBlocker) -> Iterator[Sessions]:
    name, keys = demo
    with django_db_blocker.unblock(), using(name):
        yield keys


@pytest.fixture
def clients(sessions: Sessions, db: None) -> dict[str, Client]:
    found = {role: Client() for role in ROLES}
    for role, key in sessions.items():
        found[role].cookies[settings.SESSION_COOKIE_NAME] = key
    return found
