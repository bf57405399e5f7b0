from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.people.access import Role
from coe_portal.people.models import Audience, User
from policies.models import Policy, Version
from tests.factories.people import AudienceFactory, person_with
from tests.factories.policies import draft, published

SignIn = Callable[[User], Client]


@pytest.fixture
def version(strategist: User, approver: User) -> Version:
    """Version 1.0 of a policy for everybody, in force."""
    return published(writer=strategist, approver=approver)


@pytest.fixture
def policy(version: Version) -> Policy:
    return version.policy


@pytest.fixture
def secret(strategist: User) -> Version:
    """A first draft that nobody but strategists may know of."""
    return draft(writer=strategist, slug="secret", title="Secret plan")


@pytest.fixture
def few(strategist: User, approver: User) -> Version:
    """In force, for an audience that nobody is in."""
    audience: Audience = AudienceFactory()
    return published(writer=strategist, approver=approver, slug="few", title="For a few", audience=audience)


@pytest.fixture
def third() -> User:
    return person_with(Role.STRATEGIST, name="Third Strategist")
