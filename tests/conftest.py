"""Fixtures that every test may use: one person a role, and a client signed in as anybody."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from coe_portal.people.access import Role
from coe_portal.people.models import Audience, User
from tests.database import django_db_setup  # noqa: F401 - a fixture
from tests.demo import clients, demo, sessions  # noqa: F401 - fixtures
from tests.factories.people import person_with


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Tests share a cache server: what one left there, such as a version, must not meet another's rows."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames):
        cache.clear()


@pytest.fixture(autouse=True)
def _language_and_zone_of_the_organisation() -> None:
    """A request leaves its reader's language and time zone behind, until the next request or test."""
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture
def everyone(db: None) -> Audience:
    audience, _ = Audience.objects.get_or_create(is_everyone=True, defaults={"name": "Everyone"})
    return audience


@pytest.fixture
def employee(db: None) -> User:
    return person_with(name="Rosa Delgado")


@pytest.fixture
def strategist(db: None) -> User:
    return person_with(Role.STRATEGIST, name="Priya Raman")


@pytest.fixture
def approver(db: None) -> User:
    return person_with(Role.STRATEGIST, name="Jonas Lindqvist")


@pytest.fixture
def executive(db: None) -> User:
    return person_with(Role.EXECUTIVE, name="Helen Ward")


@pytest.fixture
def privacy_officer(db: None) -> User:
    return person_with(Role.PRIVACY_OFFICER, name="Samuel Osei")


@pytest.fixture
def administrator(db: None) -> User:
    return person_with(Role.ADMINISTRATOR, name="Ingrid Novak")


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="coe_portal.people.backends.PortalBackend")
        return client

    return signed_in
