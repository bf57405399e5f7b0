"""A real exchange through the views, and every way in which an answer proves nothing."""

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import connection
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from coe_portal.audit.models import AuditEntry
from coe_portal.core import crypto
from coe_portal.identity.actions.providers import save_provider
from coe_portal.identity.models import IdentityProvider, ProviderTest
from coe_portal.identity.oidc.tokens import read_discovery
from coe_portal.people.actions import deactivate
from coe_portal.people.models import User
from tests.coe_portal.identity.provider_servers import CLIENT, OTHER_KEY, PUBLIC_PEM, Hostile, hostile_provider
from tests.factories.people import DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def provider(mock: str, settings, administrator) -> IdentityProvider:
    return connected(mock, settings, administrator)


def connected(issuer: str, settings, by: User, **fields) -> IdentityProvider:
    settings.PRIVATE_HOSTS_ALLOWED = [urlsplit(issuer).netloc]
    settings.PUBLIC_URL = "http://testserver"
    given = {"enabled": True, "trusts_email": True, "discovery": read_discovery(issuer), **fields}
    made = IdentityProvider(
        kind="openid_connect", name="Riverbend", key="riverbend", issuer=issuer, client_id=CLIENT, **given
    )
    return save_provider(by=by, provider=made, secret="a-secret-of-the-client")


def say(mock: str, sub: str, **claims) -> str:
    """The provider knows somebody; returns their subject."""
    httpx.put(f"{mock}/users/{sub}", json=claims).raise_for_status()
    return sub


def leave(client: Client, address: str = "/accounts/sso/riverbend/login/", **sent) -> str:
    """The address of the provider to which the browser is sent."""
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def come_back(client: Client, away: str, sub: str):
    """Signs in at the provider and follows its redirect to us."""
    at_provider = httpx.post(away, data={"sub": sub}, follow_redirects=False)
    back = at_provider.headers["location"]
    assert back.startswith("http://testserver/accounts/sso/riverbend/callback/")
    return client.get(back.removeprefix("http://testserver"))


def signed_in_as(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


# -- the exchange
def test_somebody_with_a_trusted_address_is_signed_in_and_known_again(mock, provider):
    person = PersonFactory(email="rosa@riverbend.example")
    client = Client()
    answer = come_back(client, leave(client, next="/policies/"), say(mock, "s-1", email="Rosa@Riverbend.example"))

    assert answer.url == "/policies/"
    assert signed_in_as(client) == person.pk
    assert client.get("/my/").status_code == 200
    assert SocialAccount.objects.get(user=person).uid == f"{mock} s-1"
    assert AuditEntry.objects.filter(verb="identity.linked", object_id=person.pk).count() == 1


def test_what_leaves_has_state_nonce_and_pkce(provider):
    asked = parse_qs(urlsplit(leave(Client(), scope="admin", auth_params="prompt=none")).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert {len(asked[name]) for name in ("state", "nonce", "code_challenge")} == {1}
    assert asked["scope"][0].split().sort() == ["email", "openid", "profile"].sort()
    assert "prompt" not in asked


def test_nothing_of_the_exchange_stays(mock, provider):
    PersonFactory(email="rosa@riverbend.example")
    client = Client()
    come_back(client, leave(client), say(mock, "s-1", email="rosa@riverbend.example", groups=["secret-group"]))

    assert SocialAccount.objects.get().extra_data == {"iss": mock, "sub": "s-1"}
    assert not SocialToken.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM identity_identityprovider")
        stored = cursor.fetchone()[0]
    assert "a-secret-of-the-client" not in stored
    assert crypto.decrypt(stored) == "a-secret-of-the-client"


def test_a_renamed_person_is_the_same_and_a_reused_name_is_not(mock, provider):
    person = PersonFactory(email="rosa@riverbend.example")
    first, renamed, reused = Client(), Client(), Client()
    come_back(first, leave(first), say(mock, "s-1", email="rosa@riverbend.example", preferred_username="rosa"))
    come_back(renamed, leave(renamed), say(mock, "s-1", email="rosa.new@riverbend.example", preferred_username="rn"))
    answer = come_back(
        reused, leave(reused), say(mock, "s-2", email="rosa@riverbend.example", preferred_username="rosa")
    )

    assert signed_in_as(renamed) == person.pk
    assert signed_in_as(reused) is None
    assert answer.status_code == 403


def test_an_address_of_a_provider_that_is_not_trusted_is_nobody(mock, provider):
    IdentityProvider.objects.update(trusts_email=False)
    PersonFactory(email="rosa@riverbend.example")
    client = Client()
    answer = come_back(client, leave(client), say(mock, "s-1", email="rosa@riverbend.example"))

    assert answer.status_code == 403
    assert "Ask your department" in answer.content.decode()
    assert signed_in_as(client) is None
    assert not SocialAccount.objects.exists()


def test_an_address_that_the_provider_has_not_verified_is_nobody(mock, provider):
    PersonFactory(email="rosa@riverbend.example")
    client = Client()
    sub = say(mock, "s-1", email="rosa@riverbend.example", email_verified=False)

    assert come_back(client, leave(client), sub).status_code == 403
    assert signed_in_as(client) is None


def test_the_employee_number_counts_before_the_address(mock, provider):
    IdentityProvider.objects.update(number_attribute="employee_id")
    person = PersonFactory(employee_number="4711")
    PersonFactory(email="rosa@riverbend.example")
    client = Client()
    come_back(client, leave(client), say(mock, "s-1", email="rosa@riverbend.example", employee_id="4711"))

    assert signed_in_as(client) == person.pk


def test_nobody_is_created_unless_the_administrator_said_so(mock, provider):
    sub = say(mock, "s-9", email="new@riverbend.example", name="Nia New")
    closed, opened = Client(), Client()
    assert come_back(closed, leave(closed), sub).status_code == 403
    before = User.objects.count()
    IdentityProvider.objects.update(creates_people=True)
    come_back(opened, leave(opened), sub)

    person = User.objects.get(email="new@riverbend.example")
    assert User.objects.count() == before + 1
    assert (person.name, person.has_usable_password()) == ("Nia New", False)
    assert signed_in_as(opened) == person.pk


def test_somebody_deactivated_is_refused_whether_linked_or_not(mock, provider, administrator):
    person = PersonFactory(email="rosa@riverbend.example")
    sub = say(mock, "s-1", email="rosa@riverbend.example")
    linked = Client()
    come_back(linked, leave(linked), sub)
    deactivate(by=administrator, person=person)
    again, fresh = Client(), Client()
    answers = [
        come_back(again, leave(again), sub),
        come_back(fresh, leave(fresh), say(mock, "s-2", email=person.email)),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (signed_in_as(again), signed_in_as(fresh)) == (None, None)
    assert linked.get("/my/").status_code == 302


def test_groups_give_and_take_only_what_they_gave(mock, provider, administrator):
    branch = DepartmentFactory(name="Lakeside")
    provider.rules.create(attribute="groups", value="g-1", role="coordinator", branch=branch, department=branch)
    provider.rules.create(attribute="groups", value="g-2", role="executive")
    person = PersonFactory(email="rosa@riverbend.example")
    person.role_grants.create(role="executive", starts="2020-01-01")

    def sign_in_with(groups: list[str]) -> set[tuple[str, int | None]]:
        client = Client()
        come_back(client, leave(client), say(mock, "s-1", email="rosa@riverbend.example", groups=groups))
        return set(User.objects.get(pk=person.pk).role_grants.values_list("role", "branch"))

    assert sign_in_with(["g-1", "g-2", "other"]) == {("coordinator", branch.pk), ("executive", None)}
    assert person.memberships.get().department == branch
    assert sign_in_with(["G-1"]) == {("executive", None)}
    assert not person.memberships.exists()
    assert AuditEntry.objects.filter(verb="role.granted", object_id=person.pk).count() == 1
    assert AuditEntry.objects.filter(verb="role.ended", object_id=person.pk).count() == 1


def test_a_second_step_at_the_provider_counts_where_it_is_accepted(mock, provider):
    person = PersonFactory(email="rosa@riverbend.example")
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    asked, accepted, weak = Client(), Client(), Client()
    strong = say(mock, "s-1", email="rosa@riverbend.example", amr=["pwd", "mfa"])
    first = come_back(asked, leave(asked), strong)
    IdentityProvider.objects.update(mfa_values="mfa")
    come_back(accepted, leave(accepted), strong)
    again = come_back(weak, leave(weak), say(mock, "s-1", email="rosa@riverbend.example", amr=["pwd"]))

    assert first.url == "/accounts/2fa/authenticate/"
    assert again.url == "/accounts/2fa/authenticate/"
    assert [signed_in_as(client) for client in (asked, accepted, weak)] == [None, person.pk, None]


def test_what_a_provider_said_does_not_count_for_a_password_after_it(mock, provider):
    """A refused exchange leaves nothing in the browser that would spare a password its second step."""
    strategist = PersonFactory(email="priya@riverbend.example")
    strategist.set_password("a-good-long-secret-9")
    strategist.save()
    IdentityProvider.objects.update(mfa_values="mfa")
    other = PersonFactory(email="rosa@riverbend.example")
    Authenticator.objects.create(user=strategist, type="totp", data={"secret": "x"})
    client = Client()
    come_back(client, leave(client), say(mock, "s-1", email=other.email, amr=["mfa"]))
    client.post("/accounts/logout/")
    answer = client.post("/accounts/login/", {"login": strategist.email, "password": "a-good-long-secret-9"})

    assert answer.url == "/accounts/2fa/authenticate/"
    assert not client.session.get("second_factor_by_provider")


# -- testing before use
def test_a_test_shows_what_came_and_signs_nobody_in(mock, provider, administrator, sign_in):
    IdentityProvider.objects.update(enabled=False, creates_people=True)
    provider.rules.create(attribute="groups", value="g-1", role="executive")
    client = sign_in(administrator)
    before = User.objects.count()
    away = leave(client, f"/administration/sign-in/providers/{provider.pk}/test/")
    answer = come_back(client, away, say(mock, "s-1", email="new@riverbend.example", name="Nia", groups=["g-1"]))
    page = client.get(answer.url).content.decode()

    assert answer.url == f"/administration/sign-in/providers/{provider.pk}/"
    assert ("g-1" in page, "Executive" in page, "A new person" in page) == (True, True, True)
    assert "a-secret-of-the-client" not in page
    assert User.objects.count() == before
    assert signed_in_as(client) == administrator.pk
    assert not SocialAccount.objects.exists()
    provider.refresh_from_db()
    assert provider.tested_at is not None
    entry = AuditEntry.objects.get(verb="provider.tested")
    assert (entry.actor, entry.object_id) == (administrator, provider.pk)


def test_a_test_that_fails_says_why_on_the_page(provider, administrator, sign_in):
    client = sign_in(administrator)
    away = leave(client, f"/administration/sign-in/providers/{provider.pk}/test/")
    state = parse_qs(urlsplit(away).query)["state"][0]
    answer = client.get("/accounts/sso/riverbend/callback/", {"state": state, "code": "made-up"})

    assert answer.url == f"/administration/sign-in/providers/{provider.pk}/"
    assert "Error retrieving access token" in client.get(answer.url).content.decode()
    assert ProviderTest.objects.get().problem


def test_it_goes_on_the_page_after_a_test_or_with_a_word(provider, administrator, sign_in):
    IdentityProvider.objects.update(enabled=False)
    client = sign_in(administrator)
    address = f"/administration/sign-in/providers/{provider.pk}/enable/"
    client.post(address)
    assert "Sign in with Riverbend" not in Client().get("/accounts/login/").content.decode()
    client.post(address, {"untested": "1"})

    assert "Sign in with Riverbend" in Client().get("/accounts/login/").content.decode()
    assert AuditEntry.objects.get(verb="provider.enabled").details["untested"] is True


def test_one_that_nobody_came_in_by_can_go(provider, administrator, employee, sign_in):
    client, address = sign_in(administrator), f"/administration/sign-in/providers/{provider.pk}/"
    assert "remove/" not in client.get(address).content.decode()
    client.post(f"{address}remove/")
    client.post(f"{address}disable/")
    linked = SocialAccount.objects.create(user=employee, provider=provider.key, uid="x")
    client.post(f"{address}remove/")
    assert IdentityProvider.objects.filter(pk=provider.pk).exists()
    linked.delete()
    client.post(f"{address}rules/", {"attribute": "groups", "value": "x", "role": "executive"})
    assert "remove/" in client.get(address).content.decode()
    client.post(f"{address}remove/")

    assert not IdentityProvider.objects.exists()
    assert AuditEntry.objects.filter(verb="provider.removed").count() == 1
    assert client.get(address).status_code == 404
    assert client.get("/administration/audit/").status_code == 200


def test_nobody_signs_in_with_a_provider_that_is_off(mock, provider):
    PersonFactory(email="rosa@riverbend.example")
    client = Client()
    away = leave(client)
    IdentityProvider.objects.update(enabled=False)
    answer = come_back(client, away, say(mock, "s-1", email="rosa@riverbend.example"))

    assert answer.status_code == 403
    assert Client().post("/accounts/sso/riverbend/login/").status_code == 404


def test_forms_may_lead_to_the_provider_only_where_they_do(mock, provider, employee, sign_in):
    sign_in_page = Client().get("/accounts/login/")["Content-Security-Policy"]
    elsewhere = sign_in(employee).get("/my/")["Content-Security-Policy"]

    assert f"form-action 'self' {mock};" in f"{sign_in_page};"
    assert mock not in elsewhere


def test_the_page_takes_a_provider_and_never_shows_its_secret(mock, settings, administrator, sign_in):
    settings.PRIVATE_HOSTS_ALLOWED = [urlsplit(mock).netloc]
    client = sign_in(administrator)
    given = {"name": "Riverbend", "key": "river", "issuer": mock, "client_id": "portal", "scopes": "openid email"}
    client.post("/administration/sign-in/providers/add/openid-connect/", {**given, "secret_text": "very-secret-indeed"})
    stored = IdentityProvider.objects.get()
    pages = [
        client.get(f"/administration/sign-in/providers/{stored.pk}/{page}").content.decode() for page in ("", "change/")
    ]
    client.post(f"/administration/sign-in/providers/{stored.pk}/change/", {**given, "name": "New", "key": "evil"})

    assert stored.discovery["token_endpoint"] == f"{mock}/oauth2/token"
    assert not any("very-secret-indeed" in page for page in pages)
    stored.refresh_from_db()
    assert (stored.name, stored.key, crypto.decrypt(stored.secret)) == ("New", "river", "very-secret-indeed")


@pytest.mark.parametrize(
    "issuer", ["http://127.0.0.1:1", "http://169.254.169.254/latest", "http://[::]:80", "ftp://x.example", "nonsense"]
)
def test_an_issuer_inside_our_network_is_not_read(issuer, administrator, sign_in):
    page = sign_in(administrator).post(
        "/administration/sign-in/providers/add/openid-connect/",
        {"name": "R", "key": "r", "issuer": issuer, "client_id": "portal", "secret_text": "s"},
    )

    assert page.status_code == 200
    assert "could not be read" in page.content.decode()
    assert not IdentityProvider.objects.exists()


# -- confirming
def test_somebody_without_a_password_confirms_at_the_provider(mock, provider, administrator):
    administrator.set_unusable_password()
    administrator.save()
    client = Client()
    sub = say(mock, "s-1", email=administrator.email)
    come_back(client, leave(client), sub)
    session = client.session
    session["signed_in_at"] -= 20 * 60
    session.save()
    asked = client.get("/administration/sign-in/second-step/")
    page = client.get(asked.url)
    away = leave(client, process="confirm", next="/administration/sign-in/second-step/")
    back = come_back(client, away, sub)

    assert asked.url.startswith("/accounts/confirm/?next=")
    assert "Sign in with Riverbend" in page.content.decode()
    assert parse_qs(urlsplit(away).query)["prompt"] == ["login"]
    assert back.url == "/administration/sign-in/second-step/"
    assert client.get(back.url).status_code == 200


def test_somebody_elses_account_confirms_nothing(mock, provider, administrator):
    administrator.set_unusable_password()
    administrator.save()
    other = PersonFactory(email="rosa@riverbend.example")
    for_other, client = Client(), Client()
    come_back(for_other, leave(for_other), say(mock, "s-2", email=other.email))
    come_back(client, leave(client), say(mock, "s-1", email=administrator.email))
    answer = come_back(client, leave(client, process="confirm", next="/"), "s-2")

    assert answer.status_code == 403
    assert signed_in_as(client) == administrator.pk


def test_adding_a_factor_is_confirmed_at_the_provider(mock, provider):
    person = PersonFactory(email="rosa@riverbend.example", password="!")
    client = Client()
    come_back(client, leave(client), say(mock, "s-1", email=person.email))
    session = client.session
    session["signed_in_at"] -= 20 * 60
    session.save()

    assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/confirm/")
    assert client.get("/accounts/email/").url.startswith("/accounts/confirm/")


# -- what proves nothing
@pytest.fixture
def hostile(settings, administrator) -> Iterator[Hostile]:
    with hostile_provider() as found:
        settings.PRIVATE_HOSTS_ALLOWED = [urlsplit(found.issuer).netloc]
        PersonFactory(email="rosa@riverbend.example")
        found.userinfo = {"email": "rosa@riverbend.example"}
        connected(found.issuer, settings, administrator)
        yield found


def exchange(hostile: Hostile, client: Client):
    asked = parse_qs(urlsplit(leave(client)).query)
    hostile.nonce = hostile.nonce or asked["nonce"][0]
    return client.get("/accounts/sso/riverbend/callback/", {"state": asked["state"][0], "code": "c"}), asked


def test_an_honest_answer_is_taken_and_the_verifier_belongs_to_the_challenge(hostile):
    client = Client()
    answer, asked = exchange(hostile, client)
    digest = sha256(hostile.asked[0]["code_verifier"][0].encode()).digest()

    assert answer.url == "/"
    assert signed_in_as(client) is not None
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"][0]


def unsigned(hostile: Hostile) -> None:
    _head, body, _ = hostile.id_token().split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "one"}).encode()).decode().rstrip("=")
    hostile.token = f"{none}.{body}."


def stripped(hostile: Hostile) -> None:
    hostile.token = hostile.id_token().rpartition(".")[0] + "."


def confused(hostile: Hostile) -> None:
    """Signed with the public key as if it were a shared secret."""
    import hmac

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = json.loads(base64.urlsafe_b64decode(hostile.id_token().split(".")[1] + "=="))
    signed = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
    mac = hmac.new(PUBLIC_PEM, signed.encode(), "sha256").digest()
    hostile.token = f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def change(**fields):
    def lie(hostile: Hostile) -> None:
        for name, value in fields.items():
            setattr(hostile, name, value)

    return lie


LIES = {
    "alg none": unsigned,
    "no signature": stripped,
    "HS256 with the public key": confused,
    "another key": change(key=OTHER_KEY),
    "unknown key id": change(kid="two"),
    "another issuer": change(claims={"iss": "https://evil.example"}),
    "issuer with a slash more": lambda hostile: hostile.claims.update(iss=hostile.issuer + "/"),
    "another audience": change(claims={"aud": "somebody"}),
    "two audiences without a presenter": change(claims={"aud": [CLIENT, "somebody"]}),
    "another presenter": change(claims={"azp": "somebody"}),
    "expired": change(claims={"exp": 1_700_000_000}),
    "never expires": change(without=("exp",)),
    "not yet valid": change(claims={"nbf": 4_000_000_000}),
    "from the future": change(claims={"iat": 4_000_000_000}),
    "another nonce": change(claims={"nonce": "other"}),
    "no nonce": change(without=("nonce",)),
    "no subject": change(without=("sub",)),
    "two subjects": change(userinfo={"sub": "s-2", "email": "rosa@riverbend.example"}),
    "no token": change(token=""),
    "nonsense": change(token="a.b.c"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_signs_nobody_in(lie, hostile):
    client = Client()
    asked = parse_qs(urlsplit(leave(client)).query)
    hostile.nonce = asked["nonce"][0]
    lie(hostile)
    answer = client.get("/accounts/sso/riverbend/callback/", {"state": asked["state"][0], "code": "c"})

    assert answer.status_code == 401
    assert signed_in_as(client) is None
    assert not SocialAccount.objects.exists()
    assert AuditEntry.objects.filter(verb="sign_in.refused").count() == 1


def test_without_the_state_of_this_browser_nothing_is_asked_of_the_provider(hostile):
    client, victim = Client(), Client()
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    answers = [
        victim.get("/accounts/sso/riverbend/callback/", {"state": state, "code": "c"}),
        victim.get("/accounts/sso/riverbend/callback/", {"code": "c"}),
        victim.get("/accounts/sso/riverbend/callback/", {"state": "x", "code": "c"}),
        victim.get("/accounts/sso/riverbend/callback/"),
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert hostile.asked == []
    assert signed_in_as(victim) is None


def test_a_state_is_good_once(hostile):
    client = Client()
    _, asked = exchange(hostile, client)
    again = client.get("/accounts/sso/riverbend/callback/", {"state": asked["state"][0], "code": "c"})

    assert again.status_code == 401


def test_who_cancels_is_told_so(hostile):
    client = Client()
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    answer = client.get("/accounts/sso/riverbend/callback/", {"state": state, "error": "access_denied"})

    assert "You did not sign in" in answer.content.decode()


def test_a_description_of_another_issuer_is_refused(hostile):
    hostile.discovery = {"issuer": "https://evil.example"}
    with pytest.raises(Exception, match="another issuer"):
        read_discovery(hostile.issuer)


def test_the_way_to_the_provider_is_no_get(provider):
    assert Client().get("/accounts/sso/riverbend/login/").status_code == 405


ELSEWHERE = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "\t//evil.example",
    " //evil.example", "https:evil.example", "https:/evil.example", "https://evil.example", "http://evil.example/",
    "javascript:alert(1)", "data:text/html,x", "//evil.example/%2f..", "/%09/evil.example/..//evil.example\n",
    "https://testserver@evil.example", "https://testserver.evil.example", "//testserver@evil.example",
    "/\r\n//evil.example", "evil.example", "@evil.example", "////evil.example", "/\x00/evil.example",
    "https://evil.example\\@testserver", "\u2028//evil.example", "//evil\u3002example",
]  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_after_the_provider_nobody_is_sent_elsewhere(elsewhere, hostile):
    client = Client()
    asked = parse_qs(urlsplit(leave(client, next=elsewhere)).query)
    hostile.nonce = asked["nonce"][0]
    answer = client.get("/accounts/sso/riverbend/callback/", {"state": asked["state"][0], "code": "c"})

    assert answer.url == "/"
