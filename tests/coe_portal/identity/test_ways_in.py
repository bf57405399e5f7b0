"""Which ways in are open, and that none of them tells who exists or lets anybody try for long."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis.exceptions import ConnectionError as Gone

from coe_portal.audit.models import AuditEntry
from coe_portal.core import crypto
from coe_portal.identity.actions import policy
from coe_portal.identity.models import IdentityProvider, SignInPolicy
from coe_portal.people.access import Role
from coe_portal.people.models import User
from tests.coe_portal.identity.conftest import PASSWORD, bare
from tests.coe_portal.identity.test_openid_connect import ELSEWHERE
from tests.coe_portal.identity.test_sign_in import code
from tests.factories.people import PersonFactory, person_with
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db


def with_password(person: User) -> User:
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def known() -> User:
    return with_password(PersonFactory(email="rosa@riverbend.example", name="Rosa"))


# -- providers alone
@pytest.fixture
def closed(administrator) -> None:
    policy.change_ways_in(by=administrator, sso_only=True)
    cache.clear()


CLOSED = [
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/login/code/confirm/",
    "/accounts/password/reset/key/1-set-password/", "/accounts/confirm-email/x/", "/admin/login/",
    "/accounts/3rdparty/", "/accounts/3rdparty/signup/", "/accounts/social/signup/",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_with_providers_alone_every_other_door_is_closed(address, known, closed):
    client = Client()
    sent = {"login": known.email, "email": known.email, "password": PASSWORD, "password1": PASSWORD}
    client.post(address, sent)
    run_jobs()

    assert client.get("/my/").status_code == 302
    assert mail.outbox == []
    assert User.objects.count() == 2


def test_with_providers_alone_the_page_has_no_form_for_a_password(known, closed):
    page = Client().get("/accounts/login/").content.decode()

    assert 'name="password"' not in page


def test_a_right_password_and_a_second_step_do_not_come_in_either(known, closed):
    """A half login from before the doors were closed ends at the same wall."""
    SignInPolicy.objects.update(sso_only=False)
    cache.clear()
    Authenticator.objects.create(user=known, type="totp", data={"secret": crypto.encrypt("A" * 32)})
    client = Client()
    assert client.post("/accounts/login/", {"login": known.email, "password": PASSWORD}).url.endswith("/authenticate/")
    SignInPolicy.objects.update(sso_only=True)
    cache.clear()
    client.post("/accounts/2fa/authenticate/", {"code": "123456"})

    assert client.get("/my/").status_code == 302


def test_an_invitation_with_a_password_is_closed_too(closed):
    assert Client().get("/accounts/invitation/x/").status_code == 410


def passkey(*, alone: bool) -> dict:
    """What is kept of one, as far as it says whether it needs a password beside it."""
    return {"credential": {"clientExtensionResults": {"credProps": {"rk": alone}}}}


def test_the_doors_close_only_when_nobody_is_locked_out(administrator, sign_in):
    client = sign_in(administrator)
    client.post("/administration/sign-in/ways-in/", {"close": "1"})
    assert not SignInPolicy.objects.filter(sso_only=True).exists()
    IdentityProvider.objects.create(kind="saml", name="H", key="h", enabled=True, tested_at=timezone.now())
    client.post("/administration/sign-in/ways-in/", {"close": "1"})
    assert not SignInPolicy.objects.filter(sso_only=True).exists()
    Authenticator.objects.create(user=administrator, type="webauthn", data=passkey(alone=False))
    client.post("/administration/sign-in/ways-in/", {"close": "1"})
    assert not SignInPolicy.objects.filter(sso_only=True).exists()
    Authenticator.objects.create(user=administrator, type="webauthn", data=passkey(alone=True))
    client.post("/administration/sign-in/ways-in/", {"close": "1"})

    assert SignInPolicy.objects.get().sso_only
    assert AuditEntry.objects.filter(verb="sign_in.sso_only_on").count() == 1


# -- who exists
@pytest.fixture
def somebody(known) -> dict[str, str]:
    """An address of each kind that a stranger may try."""
    left = with_password(PersonFactory(email="left@riverbend.example", is_active=False))
    through = PersonFactory(email="sso@riverbend.example")
    through.set_unusable_password()
    through.save()
    SocialAccount.objects.create(user=through, provider="h", uid="x")
    return {"known": known.email, "unknown": "nobody@riverbend.example", "left": left.email, "sso": through.email}


def test_a_wrong_password_tells_nothing(somebody):
    answers = {
        kind: Client().post("/accounts/login/", {"login": email, "password": "not-it-but-long-enough"})
        for kind, email in somebody.items()
    }

    assert {answer.status_code for answer in answers.values()} == {200}
    assert len({bare(answers[kind].content.decode(), email) for kind, email in somebody.items()}) == 1


def test_a_wrong_password_takes_the_same_work_for_everybody(somebody, settings, monkeypatch, tmp_path):
    """Counted in rounds of the hash, which take nearly all of the time; a clock would say something else each time."""
    settings.PASSWORD_HASHERS, settings.VAR_DIR = ["coe_portal.identity.hashers.PortalHasher"], tmp_path
    for email in (somebody["known"], somebody["left"]):
        with_password(User.objects.get(email=email))
    rounds: list[int] = []
    hashed = hashers.pbkdf2

    def counted(password, salt, iterations, **more):
        rounds.append(iterations)
        return hashed(password, salt, 1, **more)

    monkeypatch.setattr(hashers, "pbkdf2", counted)
    work = {}
    for kind, email in somebody.items():
        rounds.clear()
        Client().post("/accounts/login/", {"login": email, "password": "not-it-but-long-enough"})
        work[kind] = sum(rounds)

    assert set(work.values()) == {1_000_000}


def test_a_reset_tells_nothing_and_writes_to_whoever_has_a_password(somebody):
    answers = {}
    for kind, email in somebody.items():
        client = Client()
        answers[kind] = (
            client.post("/accounts/password/reset/", {"email": email}),
            client.get("/accounts/password/reset/done/"),
        )
    run_jobs()

    assert {first.url for first, _ in answers.values()} == {"/accounts/password/reset/done/"}
    assert len({bare(second.content.decode(), somebody[kind]) for kind, (_, second) in answers.items()}) == 1
    assert [each.to for each in mail.outbox] == [["rosa@riverbend.example"]]


def test_a_reset_takes_the_same_work_for_everybody(somebody):
    """Who has the address is for a job to find out, which nobody waits for: the page does not even look."""
    Client().get("/accounts/login/")
    asked = []
    for email in somebody.values():
        with CaptureQueriesContext(connection) as found:
            Client().post("/accounts/password/reset/", {"email": email})
        asked.append([each["sql"] for each in found])

    assert len({len(each) for each in asked}) == 1
    assert "people_user" not in str(asked)
    assert mail.outbox == []


def test_a_link_asked_for_before_passwords_were_closed_is_not_sent(known, administrator):
    Client().post("/accounts/password/reset/", {"email": known.email})
    policy.change_ways_in(by=administrator, sso_only=True)
    cache.clear()
    run_jobs()

    assert mail.outbox == []


@pytest.mark.parametrize(
    "sent",
    [
        {"email": ["rosa@riverbend.example", "evil@elsewhere.example"]},
        {"email": ["evil@elsewhere.example", "rosa@riverbend.example"]},
        {"email": '["rosa@riverbend.example", "evil@elsewhere.example"]'},
        {"email": "rosa@riverbend.example,evil@elsewhere.example"},
        {"email": "rosa@riverbend.example\nCc: evil@elsewhere.example"},
        {"email": "ros\u0430@riverbend.example"},
        {"email": "ROSA@RIVERBEND.EXAMPLE"},
        {"email": "rosa@riverbend.\uff45xample"},
        {"email": "rosa@r\u0131verbend.example"},
    ],
)
def test_a_reset_is_at_most_one_mail_to_the_stored_address(sent, known):
    Client().post("/accounts/password/reset/", sent)
    run_jobs()

    assert len(mail.outbox) <= 1
    assert {address for each in mail.outbox for address in each.to} <= {"rosa@riverbend.example"}


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_the_link_in_a_mail_is_never_of_a_host_that_was_sent(header, known):
    answer = Client().post("/accounts/password/reset/", {"email": known.email}, **{header: "evil.example"})
    run_jobs()

    assert answer.status_code == (400 if header == "HTTP_HOST" else 302)
    assert not any("evil.example" in each.body for each in mail.outbox)


# -- half way in
def test_a_reset_does_not_take_the_second_step_off(known, settings):
    Authenticator.objects.create(user=known, type="totp", data={"secret": "x"})
    client = Client()
    client.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
    client.post("/accounts/password/reset/", {"email": known.email})
    run_jobs()
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    form = client.get(link.removeprefix(settings.PUBLIC_URL), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "another-long-secret-7", "password2": "another-long-secret-7"})

    assert client.get("/my/").status_code == 302
    assert (
        Client()
        .post("/accounts/login/", {"login": known.email, "password": "another-long-secret-7"})
        .url.endswith("/2fa/authenticate/")
    )


def test_a_half_login_opens_no_page_and_grows_old(known):
    Authenticator.objects.create(user=known, type="totp", data={"secret": "x"})
    client = Client()
    client.post("/accounts/login/", {"login": known.email, "password": PASSWORD})

    assert client.get("/my/").status_code == 302
    assert client.get("/accounts/2fa/").status_code == 302
    assert PASSWORD not in str(dict(client.session))
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get("/accounts/2fa/authenticate/").url.startswith("/accounts/login/")


def test_a_half_login_of_somebody_who_then_leaves_comes_to_nothing(known, administrator):
    Authenticator.objects.create(user=known, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    client = Client()
    client.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
    User.objects.filter(pk=known.pk).update(is_active=False)
    cache.clear()
    client.post("/accounts/2fa/authenticate/", {"code": "123456"})

    assert client.get("/my/").status_code == 302


# -- trying for long
def attempts(number: int, **headers) -> list[int]:
    """How many of so many wrong passwords for different people were looked at, from one address."""
    found = []
    for each in range(number):
        sent = {"login": f"p{each}@riverbend.example", "password": "not-it-but-long-enough"}
        forged = {"HTTP_X_FORWARDED_FOR": f"10.0.0.{each}", **headers}
        found.append("Too many" in Client().post("/accounts/login/", sent, **forged).content.decode())
    return [not each for each in found]


def test_a_forged_address_does_not_begin_a_new_count():
    assert sum(attempts(20)) <= 10


def test_many_addresses_against_one_account_are_refused_and_its_owner_comes_in_another_way(known, settings):
    refused = 0
    for each in range(40):
        answer = Client().post(
            "/accounts/login/", {"login": known.email, "password": "not-it-but-long-enough"},
            REMOTE_ADDR=f"10.0.{each}.1",
        )  # fmt: skip
        refused += "Too many" in answer.content.decode()

    assert refused >= 35
    client = Client()
    client.force_login(known, backend="coe_portal.people.backends.PortalBackend")
    assert client.get("/my/").status_code == 200


def test_signing_in_between_does_not_begin_a_new_count(known):
    other = with_password(PersonFactory())
    refused = 0
    for each in range(30):
        if each % 5 == 4:
            Client().post("/accounts/login/", {"login": other.email, "password": PASSWORD})
        else:
            sent = {"login": known.email, "password": "not-it-but-long-enough"}
            refused += "Too many" in Client().post("/accounts/login/", sent).content.decode()

    assert refused >= 18


@pytest.fixture
def without_server(monkeypatch) -> Iterator[None]:
    """The cache's server is gone: whatever is asked of it fails, as when nobody listens."""

    def gone(*args, **kwargs):
        raise Gone

    monkeypatch.setattr("redis.Redis.execute_command", gone)
    monkeypatch.setattr("redis.client.Pipeline.execute", gone)
    yield
    caches["default"]._paused_until = 0.0  # it would be left alone for two seconds, in the next test, too


def test_without_the_cache_server_the_count_goes_on(known, without_server):
    assert sum(attempts(20)) <= 10
    assert caches["spare"].get("x") is None


def test_without_the_cache_server_a_second_step_is_still_asked_for(known, without_server):
    Authenticator.objects.create(user=known, type="totp", data={"secret": "x"})
    client = Client()

    assert client.post("/accounts/login/", {"login": known.email, "password": PASSWORD}).url.endswith("/authenticate/")
    assert client.get("/my/").status_code == 302


@pytest.mark.parametrize("away", [False, True])
def test_a_code_is_good_once_with_and_without_the_cache_server(away, known, request):
    """Whoever looked over the shoulder has half a minute."""
    seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    Authenticator.objects.create(user=known, type="totp", data={"secret": crypto.encrypt(seed)})
    if away:
        request.getfixturevalue("without_server")
    answers = []
    with time_machine.travel(timezone.now(), tick=False):
        for client in (Client(), Client()):
            client.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
            answers.append(client.post("/accounts/2fa/authenticate/", {"code": code(seed)}).status_code)

    assert answers == [302, 200]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/logout/"])
def test_nobody_is_sent_elsewhere(address, elsewhere, known):
    client = Client()
    sent = {"login": known.email, "password": PASSWORD, "next": elsewhere}
    if address == "/accounts/logout/":
        client.force_login(known, backend="coe_portal.people.backends.PortalBackend")
    answer = client.post(address, sent)

    assert answer.url in {"/", "/accounts/login/"}


def test_somebody_who_leaves_loses_a_link_to_choose_a_password(administrator):
    person = person_with(Role.EXECUTIVE)
    person.set_unusable_password()
    person.save()
    Client().post("/accounts/password/reset/", {"email": person.email})
    run_jobs()
    User.objects.filter(pk=person.pk).update(is_active=False)
    links = [word for each in mail.outbox for word in each.body.split() if "/reset/key/" in word]
    client = Client()
    for link in links:
        client.get("/" + link.split("/", 3)[3], follow=True)
        client.post("/accounts/password/reset/key/x-set-password/", {"password1": PASSWORD, "password2": PASSWORD})

    assert client.get("/my/").status_code == 302
