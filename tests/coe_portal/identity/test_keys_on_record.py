"""Who changed what lets somebody in, password, address or factor, is in the trail once, and what it was is not."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client, RequestFactory

from coe_portal.audit.models import AuditEntry
from coe_portal.people.models import User
from coe_portal.people.queries import password_link
from tests.coe_portal.identity.conftest import PASSWORD

pytestmark = pytest.mark.django_db

Enter = Callable[[User], Client]
BETTER = "another-good-long-secret-7"


@pytest.fixture
def employee(employee: User) -> User:
    """With an address that is known to be theirs, without which nobody sets up a factor."""
    EmailAddress.objects.create(user=employee, email=employee.email, primary=True, verified=True)
    return employee


@pytest.fixture
def client(employee: User, enter: Enter) -> Client:
    """Who has signed in and shown once more who they are."""
    client = enter(employee)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def noted(person: User) -> list[tuple[str, int | None]]:
    """Verbs and by whom, of what was written about the person."""
    found = AuditEntry.objects.filter(kind="people.user", object_id=person.pk).order_by("pk")
    assert BETTER not in str(list(found.values()))
    return list(found.values_list("verb", "actor"))


def test_a_changed_password_is_on_record(employee: User, enter: Enter):
    sent = {"oldpassword": PASSWORD, "password1": BETTER, "password2": BETTER}

    answer = enter(employee).post("/accounts/password/change/", sent)

    assert answer.status_code == 302
    assert noted(employee) == [("password.changed", employee.pk)]


def test_a_first_password_is_on_record(employee: User, sign_in: Enter):
    employee.set_unusable_password()
    employee.save()

    answer = sign_in(employee).post("/accounts/password/set/", {"password1": BETTER, "password2": BETTER})

    assert answer.status_code == 302
    assert noted(employee) == [("password.set", employee.pk)]


def test_a_reset_password_is_on_record(employee: User):
    client = Client()
    form = client.get("/" + password_link(employee).partition("//")[2].partition("/")[2], follow=True)

    answer = client.post(form.request["PATH_INFO"], {"password1": BETTER, "password2": BETTER})

    assert answer.status_code == 302
    assert noted(employee) == [("password.reset", employee.pk)]


def test_another_address_is_on_record(employee: User, client: Client):
    client.post("/accounts/email/", {"action_add": "", "email": "rosa@new.example"})
    link = re.search(r"/accounts/confirm-email/[^\s/]+/", mail.outbox[-1].body)
    assert link
    assert noted(employee) == [("email.asked_for", employee.pk)]

    client.get(link[0])
    client.post(link[0])

    employee.refresh_from_db()
    assert employee.email == "rosa@new.example"
    assert noted(employee) == [("email.asked_for", employee.pk), ("email.changed", employee.pk)]
    assert "rosa@new" not in str(list(AuditEntry.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_an_app_is_on_record(employee: User, client: Client):
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    client.post("/accounts/2fa/totp/activate/", {"code": code})
    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(type="totp").exists()
    written = [(each.verb, each.details["type"]) for each in AuditEntry.objects.all()]
    assert sorted(written) == [
        ("factor.added", "recovery_codes"),
        ("factor.added", "totp"),
        ("factor.removed", "recovery_codes"),
        ("factor.removed", "totp"),
    ]
    assert {by for _verb, by in noted(employee)} == {employee.pk}


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_are_on_record(employee: User, client: Client):
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    before = AuditEntry.objects.count()

    client.post("/accounts/2fa/recovery-codes/generate/")

    assert [verb for verb, _by in noted(employee)][before:] == ["factor.renewed"]


def test_a_passkey_is_on_record(employee: User, client: Client):
    """A browser and a key make one; here is the signal that follows, and the page that takes it away again."""
    key = Authenticator.objects.create(user=employee, type="webauthn", data={"name": "Mine", "credential": {}})
    request = RequestFactory().post("/")
    request.user, request.session = employee, client.session

    with request_context(request):
        authenticator_added.send(Authenticator, request=request, user=employee, authenticator=key)
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")

    assert not Authenticator.objects.exists()
    assert [verb for verb, _by in noted(employee)] == ["factor.added", "factor.removed"]
