"""Names of things that change, each with a version that fragments are keyed by.

A version is bumped when the change is committed, so a fragment made from older rows is never found again.
"""

from collections.abc import Callable, Iterable, Sequence
from secrets import token_hex
from typing import TypeVar

from django.core.cache import cache
from django.db import transaction

T = TypeVar("T")

PREFIX = "version:"
# Names without an id, as pages of this process have asked for them: few, and worth reading ahead.
_shared: set[str] = set()
SHARED_AT_MOST = 40


def bump(*names: str) -> None:
    transaction.on_commit(lambda: _write(names), robust=True)


def _write(names: Iterable[str]) -> None:
    cache.set_many({PREFIX + name: token_hex(6) for name in names}, timeout=None)


def read(*names: str) -> str:
    """The versions of all names as one string, for a cache key; one round trip.

    A name without a version gets one now: it may have had one that the server lost, with fragments that outlived it.
    """
    if len(_shared) < SHARED_AT_MOST:
        _shared.update(name for name in names if not name.rpartition(":")[2].isdigit())
    keys = [PREFIX + name for name in names]
    found = cache.get_many(keys)
    return "-".join(str(found[key] if key in found else _begin(key)) for key in keys)


def _begin(key: str) -> str:
    version = token_hex(6)
    if cache.add(key, version, timeout=None):
        return version
    return str(cache.get(key, version))


def kept(key: str, names: Sequence[str], make: Callable[[], T]) -> T:
    """A value of the cache for as long as none of the names changes its version; made anew in its place after that."""
    version = read(*names)
    known: tuple[str, T] | None = cache.get(key)
    if known is None or known[0] != version:
        known = version, make()
        cache.set(key, known)
    return known[1]


def shared_keys() -> list[str]:
    """The cache keys of the versions that pages of this process ask for again and again."""
    return [PREFIX + name for name in sorted(_shared)]


def key_of(name: str) -> str:
    return PREFIX + name
