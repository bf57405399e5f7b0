"""Who somebody is to us: the one who vouches and what they call them, never an e-mail address or a user name."""

from hashlib import sha256

LONGEST = 191


def subject_key(authority: str, subject: str) -> str:
    """One string for the pair, in the space that allauth has for it."""
    key = f"{authority} {subject}"
    return key if len(key) <= LONGEST else f"sha256 {sha256(key.encode()).hexdigest()}"
