"""Names of things that change, each with a version that fragments are keyed by.

A version is bumped when the change is committed, so a fragment made from older rows is never found again.
"""

from collections.abc import Iterable
from secrets import token_hex

from django.core.cache import cache
from django.db import transaction

PREFIX = "version:"
NEVER_BUMPED = "0"


def bump(*names: str) -> None:
    transaction.on_commit(lambda: _write(names), robust=True)


def _write(names: Iterable[str]) -> None:
    cache.set_many({PREFIX + name: token_hex(6) for name in names}, timeout=None)


def read(*names: str) -> str:
    """The versions of all names as one string, for a cache key; one round trip."""
    found = cache.get_many([PREFIX + name for name in names])
    return "-".join(str(found.get(PREFIX + name, NEVER_BUMPED)) for name in names)
