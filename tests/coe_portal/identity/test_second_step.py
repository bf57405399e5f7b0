from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.core import crypto
from coe_portal.identity.actions import policy
from tests.coe_portal.identity.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def after_the_days_of_grace():
    return time_machine.travel(timezone.now() + timedelta(days=15), tick=False)


def test_a_strategist_sees_the_notice_and_goes_on(strategist, sign_in):
    page = sign_in(strategist).get("/my/")

    assert page.status_code == 200
    assert "Your role needs a second step" in page.content.decode()


def test_an_employee_is_asked_for_nothing(employee, sign_in):
    with after_the_days_of_grace():
        page = sign_in(employee).get("/my/")

    assert page.status_code == 200
    assert "second step" not in page.content.decode()


@pytest.mark.parametrize("who", ["strategist", "privacy_officer", "administrator"])
@pytest.mark.parametrize("address", ["/", "/my/", "/policies/", "/search/?q=x", "/administration/", "/my/account/"])
def test_after_the_days_there_is_one_page(who, address, request, sign_in):
    person = request.getfixturevalue(who)
    with after_the_days_of_grace():
        client = sign_in(person)
        assert client.get(address).url == "/my/account/second-step/"
        assert client.post(address).url == "/my/account/second-step/"
        assert client.get("/my/account/second-step/").status_code == 200
        assert client.get("/accounts/2fa/").status_code == 200


def test_with_an_app_everything_is_open(strategist, sign_in):
    Authenticator.objects.create(user=strategist, type="totp", data={"secret": "x"})
    with after_the_days_of_grace():
        page = sign_in(strategist).get("/my/")

    assert page.status_code == 200
    assert "needs a second step" not in page.content.decode()


def test_recovery_codes_alone_are_no_second_step(strategist, sign_in):
    Authenticator.objects.create(user=strategist, type="recovery_codes", data={"seed": "x"})
    with after_the_days_of_grace():
        assert sign_in(strategist).get("/my/").status_code == 302


def test_a_session_that_began_in_time_is_led_away_when_the_days_are_over(strategist, administrator, sign_in):
    policy.change_limits(by=administrator, limits={"": (7 * 24 * 60, 7 * 24, 5)})
    policy.change_second_factor(by=administrator, roles=["strategist"], grace_days=1)
    client = sign_in(strategist)
    assert client.get("/my/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
        assert client.get("/my/").url == "/my/account/second-step/"


def test_a_role_that_is_newly_asked_has_all_its_days(administrator, executive, sign_in):
    with after_the_days_of_grace():
        sign_in(administrator)
        policy.change_second_factor(by=administrator, roles=["executive"], grace_days=14)
        assert sign_in(executive).get("/my/").status_code == 200


def test_where_it_is_not_enforced_the_notice_stays(strategist, sign_in, settings):
    settings.SECOND_FACTOR_ENFORCED = False
    with after_the_days_of_grace():
        page = sign_in(strategist).get("/my/")

    assert page.status_code == 200
    assert "Your role needs a second step" in page.content.decode()


def test_the_rule_is_changed_on_its_page(administrator, sign_in):
    client = sign_in(administrator)
    answer = client.post("/administration/sign-in/second-step/", {"roles": ["executive"], "grace_days": 7})

    assert answer.url == "/administration/sign-in/"
    assert AuditEntry.objects.get(verb="sign_in.second_factor_changed").details == {"roles": ["executive"], "days": 7}


@pytest.mark.parametrize("who", ["employee", "strategist", "executive", "privacy_officer"])
def test_the_rules_are_the_administrators(who, request, sign_in):
    client = sign_in(request.getfixturevalue(who))

    for address in ("", "second-step/", "sessions/", "providers/add/saml/"):
        assert client.get(f"/administration/sign-in/{address}").status_code == 403


def test_a_changed_factor_ends_the_other_sessions(strategist, enter):
    here, there = enter(strategist), enter(strategist)
    Authenticator.objects.create(user=strategist, type="totp", data={"secret": "x"})
    here.post("/accounts/reauthenticate/", {"password": "a-good-long-secret-9"})
    here.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert here.get("/my/").status_code == 200
    assert there.get("/my/").status_code == 302
    assert AuditEntry.objects.filter(verb="factor.removed").count() == 1


def test_who_has_an_app_alone_is_not_offered_a_key(strategist):
    """The button would ask for a key that nobody has; whoever has lost the phone is told whom to ask."""
    strategist.set_password(PASSWORD)
    strategist.save()
    Authenticator.objects.create(user=strategist, type="totp", data={"secret": crypto.encrypt("A" * 32)})
    client = Client()
    client.post("/accounts/login/", {"login": strategist.email, "password": PASSWORD})
    page = client.get("/accounts/2fa/authenticate/").content.decode()

    assert "Use a passkey" not in page
    assert "The administrator of the portal can help." in page
