"""The signed-in person and what they may do, kept in the cache so that a page needs no query to know them."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction

from coe_portal.core.read_ahead import read_for
from coe_portal.core.versions import bump, key_of, shared_keys
from coe_portal.people.access import today

if TYPE_CHECKING:
    from coe_portal.people.models import User

KEEP_SECONDS = 300
# While it stands, a request that read the person before the change cannot put the old one back.
FORGOTTEN = "forgotten"
FORGOTTEN_SECONDS = 15
AT_ONCE = 5_000  # keys a round trip, when tens of thousands change audience


def _key(person_id: int, on: date | None = None) -> str:
    """Roles begin and end with the organisation's days, so a new day asks the database again."""
    return f"person:{person_id}:{on or today():%y%j}"


def remembered(person_id: int) -> "User | None":
    """One round trip brings the person and whatever else nearly every page of theirs needs."""
    key = _key(person_id)
    ahead = [key, key_of(f"person:{person_id}"), *shared_keys()]
    found: User | str | None = read_for(person_id, ahead).get(key)
    return None if found is None or isinstance(found, str) else found


def remember(person: "User") -> None:
    """The day is read first: what was worked out just before midnight is not kept for the day after."""
    on = today()
    person.access  # noqa: B018 - worked out now, so that it is kept too
    cache.add(_key(person.pk, on), person, KEEP_SECONDS)


def forget(person_ids: Iterable[int]) -> None:
    """To be called by every write that changes what people are or may do."""
    for ids in batched(person_ids, AT_ONCE):
        transaction.on_commit(partial(_forget, ids), robust=True)
        bump(*(f"person:{person_id}" for person_id in ids))


def _forget(ids: Iterable[int]) -> None:
    on = today()
    cache.set_many({_key(person_id, on): FORGOTTEN for person_id in ids}, FORGOTTEN_SECONDS)


def batched(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, size)):
        yield batch
