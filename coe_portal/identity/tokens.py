"""The secret part of an invitation's link. Only its digest is ever stored."""

from hashlib import sha256
from secrets import token_urlsafe


def new_token() -> str:
    return token_urlsafe(32)


def digest_of(token: str) -> str:
    return sha256(token.encode("utf-8", "ignore")).hexdigest()
