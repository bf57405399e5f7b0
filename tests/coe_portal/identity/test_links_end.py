"""What opens something once opens it once, for one person, and not a second too long."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from coe_portal.core.crypto import encrypt
from coe_portal.people.models import User
from coe_portal.people.queries import password_link
from tests.coe_portal.identity.conftest import PASSWORD
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

NEW = "another-long-secret-7"
LASTS = timedelta(days=3)


@pytest.fixture
def person() -> User:
    found = PersonFactory(email="rosa@riverbend.example")
    found.set_password(PASSWORD)
    found.save()
    return found


def path_of(link: str) -> str:
    return link.removeprefix(settings.PUBLIC_URL)


def choose(link: str, client: Client | None = None) -> None:
    """As the page of the link does: the key goes into the session, then the form is sent."""
    client = client or Client()
    page = client.get(path_of(link), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})


def has_new_password(person: User) -> bool:
    return User.objects.get(pk=person.pk).check_password(NEW)


# -- a link to a new password
@pytest.mark.parametrize(("late", "works"), [(-1, True), (1, False)])
def test_a_link_to_a_password_holds_three_days_to_the_second(late, works, person):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        link = password_link(person)
        clock.shift(LASTS + timedelta(seconds=late))
        choose(link)

    assert has_new_password(person) == works


def test_a_link_to_a_password_works_once(person):
    link = password_link(person)
    choose(link)
    User.objects.filter(pk=person.pk).update(password="!")
    choose(link)

    assert not has_new_password(person)


def test_of_two_links_to_a_password_the_other_ends_with_the_first(person):
    first, second = password_link(person), password_link(person)
    choose(second)
    person.refresh_from_db()
    person.set_password(PASSWORD)
    person.save()
    choose(first)

    assert not has_new_password(person)


def test_a_link_to_a_password_is_for_nobody_else(person):
    other = PersonFactory()
    link = password_link(person)
    choose(link.replace(f"/{user_pk_to_url_str(person)}-", f"/{user_pk_to_url_str(other)}-"))

    assert not has_new_password(other)
    assert not has_new_password(person)


def test_a_half_opened_link_ends_with_another_one_that_was_used(person):
    """The form is open in one browser when the password is set in another."""
    half = Client()
    form = half.get(path_of(password_link(person)), follow=True).request["PATH_INFO"]
    choose(password_link(person))
    half.post(form, {"password1": "a-third-long-secret-5", "password2": "a-third-long-secret-5"})

    assert has_new_password(person)


# -- a link that confirms an address
def asked(person: User) -> EmailAddress:
    return EmailAddress.objects.create(user=person, email="new@riverbend.example", verified=False, primary=False)


def confirm(key: str, client: Client) -> HttpResponse:
    return client.post(f"/accounts/confirm-email/{key}/")


def address_of(person: User) -> str:
    return User.objects.get(pk=person.pk).email


@pytest.mark.parametrize(("late", "works"), [(-1, True), (1, False)])
def test_a_link_to_an_address_holds_three_days_to_the_second(late, works, person, enter):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        key = EmailConfirmationHMAC(asked(person)).key
        clock.shift(LASTS + timedelta(seconds=late))
        confirm(key, enter(person))

    assert EmailAddress.objects.get(email="new@riverbend.example").verified == works


def test_a_link_to_an_address_that_was_dropped_confirms_nothing(person, enter):
    address = asked(person)
    key = EmailConfirmationHMAC(address).key
    address.delete()
    confirm(key, enter(person))

    assert address_of(person) == "rosa@riverbend.example"


# -- codes for a lost phone
def test_a_recovery_code_works_once_and_for_one_person(person):
    other = PersonFactory()
    other.set_password(PASSWORD)
    other.save()
    for each in (person, other):
        Authenticator.objects.create(user=each, type="totp", data={"secret": encrypt("A" * 32)})
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    RecoveryCodes.activate(other)
    opened = []
    for who in (other, person, person):
        client = Client()
        client.post("/accounts/login/", {"login": who.email, "password": PASSWORD})
        client.post("/accounts/2fa/authenticate/", {"code": code})
        opened.append(client.get("/my/").status_code == 200)

    assert opened == [False, True, False]
