"""Passkeys with an authenticator that Chromium plays in software: it makes real keys and signs real challenges."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from coe_portal.audit.models import AuditEntry
from coe_portal.identity.actions import policy
from coe_portal.identity.queries.sessions import administrators_with_passkey
from coe_portal.people.models import User
from tests.browser.conftest import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-good-long-secret-9"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser, live_server, settings) -> Iterator[Page]:
    """Of a device that can hold passkeys."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the test's server speaks http
    context = browser.new_context(base_url=live_server.url)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    device = context.new_cdp_session(opened)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield opened
    context.close()


def sign_in(page: Page, person: User) -> None:
    person.set_password(PASSWORD)
    person.save()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Password", exact=True)).to_have_count(0)


def add_passkey(page: Page, *, alone: bool) -> None:
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)  # changing a factor asks once more
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("My laptop").first).to_be_visible()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def test_one_signs_in_with_a_passkey_alone(page: Page, employee: User) -> None:
    sign_in(page, employee)
    add_passkey(page, alone=True)
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_title("Home · Social Media Center of Excellence")
    assert AuditEntry.objects.filter(verb="factor.added", object_id=employee.pk).count() >= 1


def test_a_key_is_the_second_step_after_the_password(page: Page, employee: User) -> None:
    sign_in(page, employee)
    add_passkey(page, alone=False)
    sign_out(page)
    sign_in(page, employee)
    page.wait_for_url("**/accounts/2fa/authenticate/**")

    page.get_by_role("button", name="passkey").click()

    expect(page).to_have_title("Home · Social Media Center of Excellence")


def test_with_providers_alone_an_administrator_gets_in_with_a_passkey_and_it_is_written_down(
    page: Page, administrator: User
) -> None:
    sign_in(page, administrator)
    add_passkey(page, alone=True)
    sign_out(page)
    assert administrators_with_passkey() == 1
    policy.change_ways_in(by=administrator, sso_only=True)
    cache.clear()
    page.goto("/accounts/login/")
    expect(page.get_by_label("Password", exact=True)).to_have_count(0)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_title("Home · Social Media Center of Excellence")
    assert AuditEntry.objects.get(verb="sign_in.break_glass").object_id == administrator.pk


def test_with_providers_alone_the_passkey_of_anybody_else_is_refused(
    page: Page, administrator: User, employee: User
) -> None:
    sign_in(page, employee)
    add_passkey(page, alone=True)
    sign_out(page)
    policy.change_ways_in(by=administrator, sso_only=True)
    cache.clear()
    page.goto("/accounts/login/")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("Passwords are not used here")).to_be_visible()
    assert AuditEntry.objects.get(verb="sign_in.refused").details["why"] == "sso_only"


def test_a_key_that_needs_the_password_first_is_no_way_in_when_no_provider_answers(
    page: Page, administrator: User
) -> None:
    sign_in(page, administrator)
    add_passkey(page, alone=False)

    assert Authenticator.objects.filter(user=administrator, type=Authenticator.Type.WEBAUTHN).exists()
    assert administrators_with_passkey() == 0
