"""Secrets at rest: encrypted with the first of FIELD_KEYS, readable with any of them."""

from collections.abc import Sequence

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
