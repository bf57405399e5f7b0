"""Our key pair: really encrypted assertions, signed requests, and the days on which the pair is renewed."""

from base64 import b64decode
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import xmlsec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import load_pem_x509_certificate
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.core import crypto
from coe_portal.identity.actions import key_pairs
from coe_portal.identity.models import IdentityProvider, KeyPair
from coe_portal.identity.saml.answers import NO_KEY_PAIR, NOT_ENCRYPTED, OTHER_KEY, WEAK_ENCRYPTION
from coe_portal.identity.saml.metadata import DS, MD
from tests.coe_portal.identity.saml_idp import Answer, encrypt, keys, metadata, request_id, sign
from tests.coe_portal.identity.test_saml import arrive, leave, provider, refused, rosa, signed_in_as  # noqa: F401

pytestmark = pytest.mark.django_db
ADDRESS = "/administration/sign-in/providers/{}/"


@pytest.fixture
def pair(provider, administrator) -> KeyPair:  # noqa: F811
    return key_pairs.make(by=administrator, provider=provider, at=timezone.now())


def renewed(provider, administrator) -> KeyPair:  # noqa: F811
    return key_pairs.make(by=administrator, provider=provider, at=timezone.now() + timedelta(seconds=1))


def come(certificate: str, **algorithms) -> Client:
    client = Client()
    arrive(client, Answer(request_id(leave(client))).encrypted(certificate, **algorithms))
    return client


def shown_keys() -> list[tuple[str, str]]:
    """Use and certificate, as our metadata has them."""
    root = fromstring(Client().get("/accounts/sso/hospital/metadata/").content)
    return [
        (each.get("use"), "".join(each.find(f".//{DS}X509Certificate").text.split()))
        for each in root.iter(f"{MD}KeyDescriptor")
    ]


def plain(found: KeyPair) -> str:
    return "".join(line for line in found.certificate.splitlines() if "-----" not in line)


@pytest.mark.parametrize(
    "block", [xmlsec.Transform.AES128, xmlsec.Transform.AES256, xmlsec.Transform.AES256_GCM], ids=str
)
def test_an_encrypted_assertion_signs_in(block, rosa, pair):  # noqa: F811
    bits = 128 if block == xmlsec.Transform.AES128 else 256

    assert signed_in_as(come(pair.certificate, block=block, bits=bits)) == rosa.pk


def test_encrypted_and_signed_by_somebody_else_is_nobody(rosa, pair):  # noqa: F811
    """Whoever has our certificate can encrypt for us: it proves nothing."""
    client = Client()
    said = Answer(request_id(leave(client)))
    forged = said.response(encrypt(sign(said.assertion(), keys("other")), pair.certificate))
    unsigned = said.response(encrypt(said.assertion(), pair.certificate))

    assert "Signature validation failed" in refused(client, forged)
    assert "not signed" in refused(Client(), unsigned)


def test_encrypted_answers_are_good_once(rosa, pair):  # noqa: F811
    client = Client()
    xml = Answer(request_id(leave(client))).encrypted(pair.certificate)
    arrive(client, xml)

    assert signed_in_as(client) == rosa.pk
    assert refused(Client(), xml) == "This assertion was used before."


def test_encrypted_for_another_key_is_said_in_the_test_result(provider, pair, administrator, sign_in):  # noqa: F811
    client = sign_in(administrator)
    away = leave(client, ADDRESS.format(provider.pk) + "test/")
    back = arrive(client, Answer(request_id(away)).encrypted(keys("other").certificate))
    page = client.get(back.url).content.decode()

    assert provider.tests.get().problem == OTHER_KEY
    assert "encrypted with a key that is not ours" in page


def test_encrypted_without_a_key_pair_says_what_to_do(rosa):  # noqa: F811
    client = Client()

    assert refused(client, Answer(request_id(leave(client))).encrypted(keys().certificate)) == NO_KEY_PAIR


@pytest.mark.parametrize(
    "old",
    [{"transport": xmlsec.Transform.RSA_PKCS1}, {"block": xmlsec.Transform.DES3, "bits": 192}],
    ids=["RSA 1.5", "triple DES"],
)
def test_outdated_encryption_is_refused(old, rosa, pair):  # noqa: F811
    client = Client()

    assert refused(client, Answer(request_id(leave(client))).encrypted(pair.certificate, **old)) == WEAK_ENCRYPTION


def test_plain_is_refused_where_encrypted_is_asked_for(rosa, pair):  # noqa: F811
    IdentityProvider.objects.update(wants_encryption=True)
    client = Client()

    assert refused(client, Answer(request_id(leave(client))).signed()) == NOT_ENCRYPTED
    assert signed_in_as(come(pair.certificate)) == rosa.pk


def test_while_it_is_renewed_both_are_read_and_the_old_one_signs(rosa, provider, pair, administrator):  # noqa: F811
    IdentityProvider.objects.update(signs_requests=True)
    new = renewed(provider, administrator)

    assert signed_in_as(come(pair.certificate)) == rosa.pk
    assert signed_in_as(come(new.certificate)) == rosa.pk
    assert sorted(shown_keys()) == sorted(
        [("signing", plain(pair)), ("signing", plain(new)), ("encryption", plain(new))]
    )
    assert is_signed_by(pair, leave(Client()))

    key_pairs.remove(by=administrator, pair=pair)

    assert signed_in_as(come(new.certificate)) == rosa.pk
    assert is_signed_by(new, leave(Client()))
    assert refused(Client(), Answer(request_id(leave(Client()))).encrypted(pair.certificate)) == OTHER_KEY


def is_signed_by(pair: KeyPair, away: str) -> bool:
    """As a provider checks the HTTP-Redirect binding: over these parts as they were sent. Raises if it is not so."""
    query = urlsplit(away).query
    sent = dict(each.split("=", 1) for each in query.split("&"))
    signed = "&".join(f"{name}={sent[name]}" for name in ("SAMLRequest", "RelayState", "SigAlg") if name in sent)
    signature = b64decode(parse_qs(query)["Signature"][0])
    public = load_pem_x509_certificate(pair.certificate.encode()).public_key()
    public.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return True


def test_a_request_is_not_signed_unless_the_provider_is_set_so(provider, pair):  # noqa: F811
    assert "Signature" not in parse_qs(urlsplit(leave(Client())).query)


def test_metadata_names_no_key_where_there_is_none(provider):  # noqa: F811
    assert shown_keys() == []


# -- on the page
def test_the_private_key_is_stored_encrypted_and_never_shown(provider, administrator, sign_in):  # noqa: F811
    client = sign_in(administrator)
    client.post(ADDRESS.format(provider.pk) + "keys/")
    made = KeyPair.objects.get()
    page = client.get(ADDRESS.format(provider.pk)).content.decode()

    assert "PRIVATE KEY" in crypto.decrypt(made.private_key)
    assert "PRIVATE" not in made.private_key
    assert "PRIVATE KEY" not in page
    assert made.private_key not in page
    assert AuditEntry.objects.get(verb="provider.key_made").actor == administrator


def test_there_are_two_pairs_at_most(provider, pair, administrator, sign_in):  # noqa: F811
    client = sign_in(administrator)
    for _again in range(2):
        answer = client.post(ADDRESS.format(provider.pk) + "keys/", follow=True)

    assert KeyPair.objects.count() == 2
    assert "There are two key pairs already" in answer.content.decode()


def test_the_last_pair_stays_while_it_is_needed(provider, pair, administrator, sign_in):  # noqa: F811
    IdentityProvider.objects.update(wants_encryption=True)
    client = sign_in(administrator)
    address = f"/administration/sign-in/keys/{pair.pk}/remove/"
    answer = client.post(address, follow=True)
    assert "It is the only one" in answer.content.decode()
    assert KeyPair.objects.exists()

    IdentityProvider.objects.update(wants_encryption=False)
    client.post(address)

    assert not KeyPair.objects.exists()
    assert AuditEntry.objects.filter(verb="provider.key_removed").count() == 1


def test_what_needs_a_pair_gets_one_when_it_is_saved(administrator, sign_in):
    client = sign_in(administrator)
    client.post(
        "/administration/sign-in/providers/add/saml/",
        {"name": "Hospital", "key": "hospital", "metadata_text": metadata(), "wants_encryption": "on"},
    )

    assert IdentityProvider.objects.get().key_pairs.count() == 1


def test_an_openid_provider_has_no_key_pair(administrator, sign_in):
    made = IdentityProvider.objects.create(kind="openid_connect", name="O", key="o")

    assert sign_in(administrator).post(ADDRESS.format(made.pk) + "keys/").status_code == 404
