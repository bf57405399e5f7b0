from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from coe_portal.people.access import Role
from coe_portal.people.models import RoleGrant, User

pytestmark = pytest.mark.django_db


def create_admin(email: str) -> str:
    out = StringIO()
    call_command("create_admin", email, "Ingrid Novak", stdout=out)
    return out.getvalue()


def test_the_first_person_becomes_administrator():
    printed = create_admin("Ingrid@Riverbend.example")

    person = User.objects.get()
    assert (person.email, person.name, person.is_administrator) == ("ingrid@riverbend.example", "Ingrid Novak", True)
    assert "/accounts/password/reset/key/" in printed


def test_a_second_time_only_makes_a_new_link():
    create_admin("ingrid@riverbend.example")
    create_admin("ingrid@riverbend.example")

    assert RoleGrant.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_what_is_no_address_is_refused():
    with pytest.raises(CommandError, match="is not an e-mail address"):
        create_admin("ingrid")


def test_the_page_to_sign_in_says_how_while_nobody_is_here():
    assert "create_admin" in Client().get("/accounts/login/").content.decode()

    create_admin("ingrid@riverbend.example")

    assert "create_admin" not in Client().get("/accounts/login/").content.decode()
