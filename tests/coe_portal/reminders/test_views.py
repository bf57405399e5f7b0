from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.people.models import User
from coe_portal.reminders.models import Thresholds

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
PAGE = "/administration/reminders/"


def test_thresholds_are_saved(strategist: User, sign_in: SignIn):
    response = sign_in(strategist).post(PAGE, {"coordinator_after_days": "3", "manager_after_days": "10"})

    assert response.url == PAGE
    found = Thresholds.objects.get()
    assert (found.coordinator_after_days, found.manager_after_days) == (3, 10)


@pytest.mark.parametrize(("coordinator", "manager"), [("10", "3"), ("0", "3"), ("7", "200"), ("x", "14")])
def test_what_does_not_fit_is_explained_and_kept(coordinator: str, manager: str, strategist: User, sign_in: SignIn):
    response = sign_in(strategist).post(PAGE, {"coordinator_after_days": coordinator, "manager_after_days": manager})

    assert response.context["form"].errors
    assert f'value="{manager}"' in response.content.decode()
    assert not Thresholds.objects.exists()


@pytest.mark.parametrize("role", ["employee", "executive", "privacy_officer"])
def test_others_may_not(role: str, request, sign_in: SignIn):
    assert sign_in(request.getfixturevalue(role)).get(PAGE).status_code in {403, 404}
