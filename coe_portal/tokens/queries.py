"""From what a request shows to the token it is."""

import hashlib
from datetime import datetime

from coe_portal.tokens.models import AccessToken

MARK = "coe_"
LONGEST = 100


def digest_of(secret: str) -> str:
    """The secret holds 256 random bits, so one plain hash of it cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(authorization: str, at: datetime) -> AccessToken | None:
    """The usable token of an `Authorization: Bearer …` header.

    It is looked up by its digest: how long that takes says nothing about the secret.
    """
    scheme, _space, secret = authorization.partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret.startswith(MARK) or len(secret) > LONGEST:
        return None
    found: AccessToken | None = (
        AccessToken.objects.usable(at).select_related("owner").filter(digest=digest_of(secret)).first()
    )
    return found
