from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.people.models import User

SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    "url", ["/search/?q=a%00b", "/administration/audiences/changes/?before=a%00~1", "/accounts/login/?next=%00"]
)
def test_a_nul_in_an_address_is_not_understood(url: str, strategist: User, sign_in: SignIn):
    answer = sign_in(strategist).get(url)

    assert (answer.status_code, "We did not understand that" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("asked", ["?q=%2500", "?q=%ff%fe", "?q=100%"])
def test_whatever_else_is_typed_is_read_as_well_as_can_be(asked: str, strategist: User, sign_in: SignIn):
    assert sign_in(strategist).get(f"/search/{asked}").status_code == 200
