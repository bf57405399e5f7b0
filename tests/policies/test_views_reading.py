from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.people.models import User
from policies.models import Version
from tests.factories.policies import published

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def version(strategist: User, approver: User) -> Version:
    return published(writer=strategist, approver=approver)


def test_index(version: Version, employee: User, sign_in: SignIn) -> None:
    response = sign_in(employee).get("/policies/")

    assert response.status_code == 200
    assert response.context["number_to_sign"] == 1


def test_policy(version: Version, employee: User, sign_in: SignIn) -> None:
    response = sign_in(employee).get("/policies/social-media/")

    assert response.status_code == 200
    assert 'id="say-whom-you-work-for"' in response.content.decode()
