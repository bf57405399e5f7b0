import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from coe_portal.people.access import Role
from coe_portal.people.models import User

pytestmark = pytest.mark.django_db
GOOD = "walnut-river-lantern-4"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    def type_in(password: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    return type_in


def test_a_person_who_was_added_can_sign_in_with_their_roles(typed) -> None:
    typed(GOOD)

    call_command("add_person", "Ana@Example.org", "Ana Silva", "--role=administrator", "--role=strategist")

    answer = Client().post("/accounts/login/", {"login": "ana@example.org", "password": GOOD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert set(User.objects.get().access.branches) == {Role.ADMINISTRATOR, Role.STRATEGIST}


def test_a_weak_password_is_refused(typed) -> None:
    typed("password")

    with pytest.raises(CommandError, match="too short"):
        call_command("add_person", "ana@example.org", "Ana Silva")

    assert not User.objects.exists()


def test_an_address_that_is_taken_is_refused(typed, employee: User) -> None:
    typed(GOOD)

    with pytest.raises(CommandError, match="already exists"):
        call_command("add_person", employee.email.upper(), "Ana Silva")


def test_an_address_that_is_none_is_refused(typed) -> None:
    typed(GOOD)

    with pytest.raises(CommandError, match="valid email"):
        call_command("add_person", "ana", "Ana Silva")
