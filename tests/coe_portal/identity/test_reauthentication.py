from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from coe_portal.people.models import RoleGrant

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-secret-9"


@pytest.fixture
def client_of_administrator(administrator) -> Client:
    administrator.set_password(PASSWORD)
    administrator.save()
    client = Client()
    client.post("/accounts/login/", {"login": administrator.email, "password": PASSWORD})
    return client


def confirm_before(address: str) -> str:
    return f"/accounts/reauthenticate/?{urlencode({'next': address})}"


def role(person) -> tuple[str, dict[str, str]]:
    return f"/administration/people/{person.pk}/role/", {"role": "executive", "starts": "2026-01-01"}


def test_fresh_from_signing_in_nothing_is_asked_again(client_of_administrator, employee):
    address, sent = role(employee)

    assert client_of_administrator.post(address, sent).url == f"/administration/people/{employee.pk}/"
    assert RoleGrant.objects.filter(person=employee).exists()


def test_later_it_is_asked_and_what_was_sent_is_done(client_of_administrator, employee):
    address, sent = role(employee)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        asked = client_of_administrator.post(address, sent)
        assert not RoleGrant.objects.filter(person=employee).exists()
        done = client_of_administrator.post(asked.url, {"password": PASSWORD})

    assert asked.url == confirm_before(address)
    assert done.url == f"/administration/people/{employee.pk}/"
    assert RoleGrant.objects.filter(person=employee, role="executive").exists()


def test_a_wrong_password_does_nothing(client_of_administrator, employee):
    address, sent = role(employee)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        asked = client_of_administrator.post(address, sent)
        client_of_administrator.post(asked.url, {"password": "not-it-but-long-enough"})

    assert not RoleGrant.objects.filter(person=employee).exists()


def test_a_secret_is_not_kept_while_one_confirms(client_of_administrator):
    address = "/administration/sign-in/providers/add/openid-connect/"
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        client_of_administrator.post(address, {"name": "Riverbend", "secret_text": "very-secret-indeed"})
        kept = str(dict(client_of_administrator.session))

    assert "Riverbend" in kept
    assert "very-secret-indeed" not in kept


def test_htmx_is_led_to_the_question(client_of_administrator, employee):
    address, sent = role(employee)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        asked = client_of_administrator.post(address, sent, headers={"HX-Request": "true"})

    assert asked["HX-Redirect"] == confirm_before(address)


def test_who_has_no_way_to_confirm_is_refused(administrator, employee, sign_in):
    address, sent = role(employee)
    administrator.set_unusable_password()
    administrator.save()
    client = sign_in(administrator)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert client.post(address, sent).status_code == 403
