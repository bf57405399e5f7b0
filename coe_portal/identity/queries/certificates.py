"""The certificates of both sides, with how long they still hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.saml.certificates import Certificate, read_certificate

WARN_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Watched:
    """`pair` is the id of our key pair, 0 where the certificate is the provider's."""

    certificate: Certificate
    over: bool
    soon: bool
    pair: int = 0


def their_certificates(provider: IdentityProvider, at: datetime) -> list[Watched]:
    return [_watched(each, at) for each in provider.certificates]


def our_certificates(provider: IdentityProvider, at: datetime) -> list[Watched]:
    """The one that signs first, then its successor."""
    return [_watched(each.certificate, at, each.pk) for each in provider.key_pairs.all()]


def _watched(text: str, at: datetime, pair: int = 0) -> Watched:
    found = read_certificate(text)
    over = found.is_over(at)
    return Watched(found, over, not over and found.is_over(at + WARN_BEFORE), pair)
