"""What providers say of themselves is read again: from a real server, which changes its mind or goes away."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.identity.actions import key_pairs
from coe_portal.identity.actions.providers import save_provider
from coe_portal.identity.actions.watching import KIND, watch
from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.saml.certificates import read_certificate
from coe_portal.identity.saml.metadata import fetch_metadata
from coe_portal.notifications.models import Notification
from tests.coe_portal.identity.provider_servers import hostile_provider
from tests.coe_portal.identity.saml_idp import keys, metadata
from tests.coe_portal.identity.test_openid_connect import connected

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@dataclass
class Site:
    address: str = ""
    text: str = ""
    status: int = 200


@pytest.fixture
def site() -> Iterator[Site]:
    """Where the provider shows its metadata."""
    shown = Site(text=metadata())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(shown.status)
            self.send_header("Content-Length", str(len(shown.text.encode())))
            self.end_headers()
            self.wfile.write(shown.text.encode())

        def log_message(self, *args: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    shown.address = f"http://localhost:{server.server_port}/metadata"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield shown
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def provider(site, settings, administrator) -> IdentityProvider:
    settings.PRIVATE_HOSTS_ALLOWED = [site.address.split("/")[2]]
    found = fetch_metadata(site.address)
    made = IdentityProvider(
        kind="saml", name="Hospital", key="hospital", enabled=True, metadata_url=site.address,
        entity_id=found.entity_id, sso_url=found.sso_url, certificates=found.certificates,
    )  # fmt: skip
    return save_provider(by=administrator, provider=made)


def told() -> list[str]:
    return list(Notification.objects.filter(kind=KIND).order_by("pk").values_list("subject", flat=True))


def both() -> str:
    """Metadata with the certificate there was and its successor, as a provider shows while it renews."""
    descriptor = metadata()
    start, end = descriptor.index("<md:KeyDescriptor"), descriptor.index("<md:SingleSignOnService")
    return descriptor[:end] + descriptor[start:end].replace(keys().plain, keys("next").plain) + descriptor[end:]


def test_a_new_certificate_is_taken_over_written_down_and_told(provider, site, administrator):
    site.text = both()
    now = timezone.now() - DAY
    watch(at=now)
    provider.refresh_from_db()
    entry = AuditEntry.objects.get(verb="provider.description_changed")
    old, new = (read_certificate(each.plain).fingerprint for each in (keys(), keys("next")))

    assert provider.certificates == [keys().plain, keys("next").plain]
    assert (provider.read_at, provider.read_problem) == (now, "")
    assert (entry.actor, entry.details["certificates_before"]) == (None, [old])
    assert entry.details["certificates_after"] == [old, new]
    assert told() == ["Hospital signs with another certificate now"]
    assert Notification.objects.get().person == administrator


def test_what_stays_the_same_is_no_news(provider):
    watch(at=timezone.now() - DAY)

    assert told() == []
    assert not AuditEntry.objects.filter(verb="provider.description_changed").exists()


@pytest.mark.parametrize(
    ("status", "text"),
    [(500, metadata()), (200, "not xml"), (200, metadata(entity="https://evil.example/")), (200, "")],
    ids=["error", "nonsense", "another provider", "empty"],
)
def test_the_last_good_one_stays_and_after_three_days_somebody_is_told(provider, site, status, text):
    site.status, site.text = status, text
    start = timezone.now() - 5 * DAY
    watch(at=start)
    watch(at=start + DAY)
    provider.refresh_from_db()
    assert provider.certificates == [keys().plain]
    assert provider.failing_since == start
    assert provider.read_problem
    assert told() == []

    watch(at=start + 3 * DAY)
    watch(at=start + 4 * DAY)
    assert len(told()) == 1
    assert told()[0].startswith("What Hospital says of itself cannot be read since")

    site.status, site.text = 200, metadata()
    watch(at=start + 4 * DAY)
    provider.refresh_from_db()
    assert (provider.read_problem, provider.failing_since) == ("", None)


def test_a_server_that_is_gone_keeps_no_other_provider_from_being_read(provider, site, settings, administrator):
    other = IdentityProvider(kind="saml", name="A clinic", key="clinic", metadata_url="http://localhost:9/gone")
    save_provider(by=administrator, provider=other)
    site.text = both()
    watch(at=timezone.now() - DAY)
    provider.refresh_from_db()

    assert len(provider.certificates) == 2


def test_a_certificate_that_ends_is_told_once_when_near_and_once_when_over(provider, site):
    """Those of the test last for thirty days."""
    now = timezone.now()
    watch(at=now - DAY)
    assert told() == []

    watch(at=now + DAY)
    watch(at=now + 2 * DAY)
    watch(at=now + 31 * DAY)
    watch(at=now + 32 * DAY)

    assert ["expires on" in each for each in told()] == [True, False]
    assert "expired on" in told()[1]


def test_a_certificate_that_is_pasted_is_watched_too(provider, site):
    IdentityProvider.objects.update(metadata_url="")
    watch(at=timezone.now() + DAY)

    assert "they are not read by themselves" in Notification.objects.get(kind=KIND).lead


def test_our_own_certificate_is_watched(provider, administrator, site):
    pair = key_pairs.make(by=administrator, provider=provider, at=timezone.now() - 3 * 365 * DAY + 20 * DAY)
    watch(at=timezone.now() - DAY)

    assert [each.split(" expires")[0] for each in told()] == ["Our certificate for Hospital"]
    assert pair.expires_at < timezone.now() + 30 * DAY


def test_it_is_told_in_the_language_of_the_administrator(provider, site, administrator):
    administrator.language = "es"
    administrator.save()
    site.text = both()
    watch(at=timezone.now() - DAY)

    assert told() == ["Hospital firma ahora con otro certificado"]


def test_metadata_over_plain_http_are_not_read_from_outside(settings):
    with pytest.raises(Exception, match="https"):
        fetch_metadata("http://1.1.1.1/metadata")


def test_it_is_read_again_from_the_page(provider, site, administrator, sign_in):
    client = sign_in(administrator)
    site.text = both()
    address = f"/administration/sign-in/providers/{provider.pk}/"
    assert "It is read" in client.post(f"{address}read/", follow=True).content.decode()
    provider.refresh_from_db()
    assert len(provider.certificates) == 2
    assert AuditEntry.objects.get(verb="provider.description_changed").actor == administrator

    site.status = 503
    page = client.post(f"{address}read/", follow=True).content.decode()
    assert "The address answers with status 503." in page


def test_the_description_of_openid_connect_is_read_every_day_too(settings, administrator):
    with hostile_provider() as issuer:
        provider = connected(issuer.issuer, settings, administrator)
        watch(at=timezone.now())
        assert told() == []

        issuer.discovery = {"token_endpoint": f"{issuer.issuer}/other"}
        watch(at=timezone.now())
        provider.refresh_from_db()

    assert provider.discovery["token_endpoint"].endswith("/other")
    assert told() == ["Riverbend has changed its addresses"]
