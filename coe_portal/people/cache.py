"""The signed-in person and what they may do, kept in the cache so that a page needs no query to know them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from coe_portal.core.read_ahead import read_for
from coe_portal.core.versions import bump, key_of, shared_keys

if TYPE_CHECKING:
    from coe_portal.people.models import User

KEEP_SECONDS = 300
# While it stands, a request that read the person before the change cannot put the old one back.
FORGOTTEN = "forgotten"
FORGOTTEN_SECONDS = 15


def _key(person_id: int) -> str:
    """Roles begin and end with days, so a new day asks the database again."""
    return f"person:{person_id}:{timezone.localdate():%j}"


def remembered(person_id: int) -> "User | None":
    """One round trip brings the person and whatever else nearly every page of theirs needs."""
    key = _key(person_id)
    ahead = [key, key_of(f"person:{person_id}"), *shared_keys()]
    found: User | str | None = read_for(person_id, ahead).get(key)
    return None if found is None or isinstance(found, str) else found


def remember(person: "User") -> None:
    person.access  # noqa: B018 - worked out now, so that it is kept too
    cache.add(_key(person.pk), person, KEEP_SECONDS)


def forget(person_ids: Iterable[int]) -> None:
    """To be called by every write that changes what people are or may do."""
    ids = list(person_ids)
    transaction.on_commit(lambda: _forget(ids), robust=True)
    bump(*(f"person:{person_id}" for person_id in ids))


def _forget(ids: list[int]) -> None:
    cache.set_many({_key(person_id): FORGOTTEN for person_id in ids}, FORGOTTEN_SECONDS)
