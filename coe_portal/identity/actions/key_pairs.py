"""Our key pair at a SAML provider is made, renewed and, when the provider has the new one, the old one removed."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from coe_portal.audit import actions as audit
from coe_portal.core import crypto
from coe_portal.identity.models import IdentityProvider, KeyPair
from coe_portal.identity.saml.certificates import make_pair, read_certificate
from coe_portal.people.models import User

# The one in use and its successor.
AT_MOST = 2


class CannotChange(Exception):
    """The pairs are not in the state that this asks for; the page shows the one they are in."""


@transaction.atomic
def make(*, by: User, provider: IdentityProvider, at: datetime) -> KeyPair:
    """The first one, or the successor that is used beside it until the old one is removed."""
    if _locked(provider).key_pairs.count() >= AT_MOST:
        raise CannotChange
    made = make_pair(f"{urlsplit(settings.PUBLIC_URL).hostname} {provider.key}", at)
    pair = KeyPair.objects.create(
        provider=provider, certificate=made.certificate, private_key=crypto.encrypt(made.private_key),
        made_at=at, expires_at=made.expires_at,
    )  # fmt: skip
    _record(by, "provider.key_made", pair)
    return pair


@transaction.atomic
def remove(*, by: User, pair: KeyPair) -> None:
    """What is still encrypted for it is not read any more, so a test is due. The last one stays while it is needed."""
    provider = _locked(pair.provider)
    needed = provider.signs_requests or provider.wants_encryption
    if needed and provider.key_pairs.count() == 1:
        raise CannotChange
    _record(by, "provider.key_removed", pair)
    pair.delete()
    IdentityProvider.objects.filter(pk=provider.pk).update(tested_at=None)


def _locked(provider: IdentityProvider) -> IdentityProvider:
    found: IdentityProvider = IdentityProvider.objects.select_for_update().get(pk=provider.pk)
    return found


def _record(by: User, verb: str, pair: KeyPair) -> None:
    fingerprint = read_certificate(pair.certificate).fingerprint
    audit.record(by=by, verb=verb, on=pair.provider, details={"key": pair.provider.key, "certificate": fingerprint})
