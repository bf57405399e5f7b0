import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client

from coe_portal.people.models import User
from tests.factories.people import PersonFactory
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-secret-9"


@pytest.fixture
def person() -> User:
    found = PersonFactory(email="rosa@riverbend.example")
    found.set_password(PASSWORD)
    found.save()
    return found


def sign_in(client: Client, email: str = "rosa@riverbend.example", password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_the_address_is_the_name_in_any_case(client: Client, person: User):
    assert sign_in(client, "Rosa@Riverbend.example").url == "/"
    assert client.get("/my/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, person: User):
    wrong = sign_in(client, password="not-it-but-long-enough")
    unknown = sign_in(Client(), email="nobody@riverbend.example")

    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_nobody_signs_up(client: Client):
    response = client.post("/accounts/signup/", {"email": "me@elsewhere.example", "password1": PASSWORD})

    assert not User.objects.exists()
    assert response.status_code == 200


def test_after_many_wrong_passwords_the_door_stays_shut_for_a_while(client: Client, person: User):
    for _ in range(12):
        response = sign_in(client, password="not-it-but-long-enough")

    assert "Too many" in response.content.decode()
    assert response.status_code == 429


def test_a_reset_goes_to_the_stored_address_alone(client: Client, person: User):
    client.post("/accounts/password/reset/", {"email": ["rosa@riverbend.example", "evil@elsewhere.example"]})
    client.post("/accounts/password/reset/", {"email": "rosa@riverbend.example,evil@elsewhere.example"})
    run_jobs()

    assert {address for each in mail.outbox for address in each.to} <= {"rosa@riverbend.example"}


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "/\\evil.example", "https:evil.example", "https://evil.example"]
)
def test_after_signing_in_nobody_is_sent_elsewhere(client: Client, person: User, elsewhere: str):
    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD, "next": elsewhere})

    assert response.url == "/"


def test_an_authenticator_app_is_switched_on_and_then_asked_for(client: Client, person: User):
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret

    client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})

    stored = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    assert sign_in(Client()).url == "/accounts/2fa/authenticate/"


def test_a_passkey_is_added_after_the_password_was_asked_for_again(client: Client, person: User):
    sign_in(client)
    assert client.get("/accounts/2fa/webauthn/add/").url.startswith("/accounts/reauthenticate/")

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    response = client.get("/accounts/2fa/webauthn/add/")

    assert response.status_code == 200


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
