"""Secrets at rest: encrypted with the first of FIELD_KEYS, readable with any of them."""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac_digest

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

DEMO_FIELD_KEY = "ZGVtby1rZXktdGhhdC1wcm9kdWN0aW9uLXJlZnVzZXM="


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def encrypt(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Raises ValueError when no key of FIELD_KEYS made the token."""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("This secret was encrypted with a key that FIELD_KEYS no longer holds.") from error


def renewed(token: str) -> str:
    """The same secret under the first key; the token itself where it is. Raises ValueError like `decrypt`."""
    with suppress(InvalidToken):
        Fernet(settings.FIELD_KEYS[0]).decrypt(token.encode())
        return token
    return encrypt(decrypt(token))


def sign(text: str) -> str:
    """A mark that only who holds the first of FIELD_KEYS can make, in 64 hexadecimal digits."""
    return _signature(settings.FIELD_KEYS[0], text)


def is_signed(text: str, signature: str) -> bool:
    return any(compare_digest(_signature(key, text), signature) for key in settings.FIELD_KEYS)


def is_signed_with_newest_key(text: str, signature: str) -> bool:
    return compare_digest(sign(text), signature)


def _signature(key: str, text: str) -> str:
    return hmac_digest(sha256(b"signature " + key.encode()).digest(), text.encode(), "sha256").hex()


def key_problems(keys: Sequence[str], *, production: bool) -> list[str]:
    problems = [] if keys else ["no key is set."]
    for number, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            problems.append(f"key {number} is not 32 url-safe base64-encoded bytes.")
        if production and key == DEMO_FIELD_KEY:
            problems.append(f"key {number} is the demo's.")
    return problems
