"""Secrets lie encrypted, whatever kind they are, and all of them move under a new key."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.conf import settings
from django.core import management
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from redis import Redis

from coe_portal.core import crypto
from coe_portal.identity.actions import key_pairs
from coe_portal.identity.actions.invitations import invite, send
from coe_portal.identity.actions.passwords import send_link
from coe_portal.identity.actions.providers import save_provider
from coe_portal.identity.models import IdentityProvider, KeyPair
from coe_portal.notifications.models import ChatDestination, OutgoingMail
from coe_portal.notifications.ready_made import to_message
from coe_portal.people.models import User
from coe_portal.personal import model_of
from coe_portal.privacy import files
from coe_portal.privacy.actions.renewing import TOKEN, renew, secret_columns
from coe_portal.privacy.models import DataExport
from coe_portal.tokens.actions import make_token
from tests.factories.people import DepartmentFactory

pytestmark = pytest.mark.django_db

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
CLIENT_SECRET, SEED, HOOK = (
    "secret-of-the-client-81",
    "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "slack://T1JJ3T3L2/A1BRTD4JD/Tok",
)


@pytest.fixture
def planted(settings, administrator, tmp_path) -> dict[str, str]:
    """A secret of each kind, made with the old key; returns them in plain text."""
    settings.FIELD_KEYS = [OLD]
    settings.MEDIA_ROOT = tmp_path
    settings.EMAIL_BACKEND = "coe_portal.notifications.mail_backend.OutboxBackend"
    provider = IdentityProvider(kind="saml", name="A", key="a", entity_id="https://a.example")
    save_provider(by=administrator, provider=provider, secret=CLIENT_SECRET)
    key_pairs.make(by=administrator, provider=provider, at=timezone.now())
    TOTP.activate(administrator, SEED)
    codes = RecoveryCodes.activate(administrator)
    ChatDestination.objects.create(name="Room", service="Slack", secret=crypto.encrypt(HOOK))
    _row, token = make_token(
        by=administrator, name="T", scopes=["people:read"], expires_at=timezone.now() + timedelta(days=1)
    )
    sent = invite(by=administrator, email="new@elsewhere.example", name="New", department=DepartmentFactory())
    send(invitation_id=sent.pk, at=timezone.now())
    invitation = link_in(OutgoingMail.objects.get(address="new@elsewhere.example"), "/accounts/invitation/")
    administrator.set_password("a-good-long-secret-9")
    administrator.save()
    send_link(address=administrator.email)
    reset = link_in(OutgoingMail.objects.get(address=administrator.email), "/reset/key/")
    private = crypto.decrypt(KeyPair.objects.get().private_key).splitlines()[5]
    return {
        "client": CLIENT_SECRET, "seed": SEED, "code": codes.get_unused_codes()[0], "hook": HOOK, "token": token,
        "invitation": invitation, "reset": reset, "private key": private,
    }  # fmt: skip


def link_in(mail: OutgoingMail, part: str) -> str:
    """The part of the link that only its reader has."""
    link = next(word for word in to_message(mail.content, mail.address).body.split() if part in word)
    return link.rstrip("/").rpartition("/")[2]


def whole_database() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT string_agg(each::text, chr(10)) FROM "{table}" AS each')
            found.append(cursor.fetchone()[0] or "")
    return "\n".join(found)


def whole_cache() -> bytes:
    client = Redis.from_url(settings.CACHES["default"]["LOCATION"])
    return b"\n".join(client.get(key) or b"" for key in client.scan_iter() if client.type(key) == b"string")


def tokens() -> list[str]:
    """Everything encrypted, wherever it stands, so that a column that nobody lists is found, too."""
    return TOKEN.findall(whole_database())


def test_no_secret_stands_in_the_database_or_the_cache(planted):
    database, kept = whole_database(), whole_cache()

    assert "new@elsewhere.example" in database
    assert {kind for kind, secret in planted.items() if secret in database or secret.encode() in kept} == set()


def test_all_of_them_move_under_the_new_key_and_say_the_same(planted, settings, administrator):
    before = tokens()
    settings.FIELD_KEYS = [NEW, OLD]

    found = renew()

    settings.FIELD_KEYS = [NEW]
    after = tokens()
    assert len(after) == len(before) >= 7
    assert {crypto.renewed(token) for token in after} == set(after)
    assert found.lost == ()
    assert crypto.decrypt(IdentityProvider.objects.get().secret) == CLIENT_SECRET
    assert crypto.decrypt(Authenticator.objects.get(user=administrator, type="totp").data["secret"]) == SEED
    assert crypto.decrypt(ChatDestination.objects.get().secret) == HOOK
    assert planted["reset"] == link_in(OutgoingMail.objects.get(address=administrator.email), "/reset/key/")


def test_a_second_time_changes_nothing(planted, settings):
    settings.FIELD_KEYS = [NEW, OLD]
    renew()

    assert renew().renewed == 0


def test_the_file_of_an_export_is_still_read(planted, settings, employee: User):
    file = files.name_for_one()
    files.write(file, b"all of it")
    made = DataExport.objects.create(person=employee, file=file, asked_at=timezone.now())
    settings.FIELD_KEYS = [NEW, OLD]
    renew()
    settings.FIELD_KEYS = [NEW]
    made.refresh_from_db()

    assert files.read(made.file) == b"all of it"


def test_the_second_step_is_asked_as_before(planted, settings, administrator):
    settings.FIELD_KEYS = [NEW, OLD]
    renew()
    settings.FIELD_KEYS = [NEW]
    client = Client()
    client.post("/accounts/login/", {"login": administrator.email, "password": "a-good-long-secret-9"})
    client.post("/accounts/2fa/authenticate/", {"code": planted["code"]})

    assert client.get("/my/").status_code == 200


def test_what_no_key_opens_is_named_and_stops_nothing(planted, settings):
    of_nobody = Fernet(Fernet.generate_key()).encrypt(b"x" * 40).decode()
    lost = ChatDestination.objects.create(name="Lost", service="Slack", secret=of_nobody)
    settings.FIELD_KEYS = [NEW, OLD]

    with pytest.raises(management.CommandError, match=f"notifications.chatdestination {lost.pk}"):
        management.call_command("renew_secrets")

    settings.FIELD_KEYS = [NEW]
    assert crypto.decrypt(ChatDestination.objects.get(name="Room").secret) == HOOK


def test_many_rows_are_read_in_steps(settings, administrator, django_assert_max_num_queries, monkeypatch):
    settings.FIELD_KEYS = [OLD]
    monkeypatch.setattr("coe_portal.privacy.actions.renewing.AT_ONCE", 2)
    for number in range(5):
        ChatDestination.objects.create(name=f"Room {number}", service="Slack", secret=crypto.encrypt(HOOK))
    settings.FIELD_KEYS = [NEW, OLD]

    assert renew().renewed == 5
    assert [name for label, name in secret_columns() if not hasattr(QuerySet(model_of(label)).model, name)] == []
