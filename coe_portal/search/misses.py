"""Searches that found nothing, counted in the cache while a page is shown and written down later.

Nobody is noted: how many people asked is estimated from sketches that cannot be read back, and what looks like
patient information is not counted at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis import Redis

from coe_portal.core.cache import ForgivingRedisCache
from coe_portal.guard.engine import find
from coe_portal.search.wording import words_of

# Fewer people than this could be told apart by what they asked.
PEOPLE_AT_LEAST = 3
SHORTEST, LONGEST = 3, 100
TERMS_AT_MOST = 2_000
KEEP_SECONDS = 9 * 86_400


@dataclass(frozen=True)
class Missed:
    times: int
    people: int

    @property
    def is_common(self) -> bool:
        return self.people >= PEOPLE_AT_LEAST


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def remember(*, person_id: int, text: str, on: date) -> None:
    term = " ".join(words_of(text))
    if SHORTEST <= len(term) <= LONGEST and not find(text):
        week = week_of(on)
        asker = salted_hmac(f"search.misses:{week}", str(person_id)).hexdigest()
        _server().ask_server(lambda server: _count(server, week, term, asker), None)


def of_week(week: date) -> Mapping[str, Missed]:
    """Every term of that week, also those that too few have asked for to be shown."""
    nothing: Mapping[str, Missed] = {}
    return _server().ask_server(lambda server: _counted(server, week), nothing)


def _server() -> ForgivingRedisCache:
    return cast(ForgivingRedisCache, cache)


def _times_key(week: date) -> str:
    return cache.make_key(f"search:missed:{week.isoformat()}")


def _people_key(week: date, term: str) -> str:
    return cache.make_key(f"search:missed:{week.isoformat()}:{term}")


def _count(server: Redis, week: date, term: str, asker: str) -> None:
    times, people = _times_key(week), _people_key(week, term)
    if not server.hexists(times, term) and server.hlen(times) >= TERMS_AT_MOST:
        return
    with server.pipeline(transaction=False) as pipe:
        pipe.hincrby(times, term, 1)
        pipe.pfadd(people, asker)
        pipe.expire(times, KEEP_SECONDS)
        pipe.expire(people, KEEP_SECONDS)
        pipe.execute()


def _counted(server: Redis, week: date) -> Mapping[str, Missed]:
    found = cast(dict[bytes, bytes], server.hgetall(_times_key(week)))
    terms = [term.decode() for term in found]
    with server.pipeline(transaction=False) as pipe:
        for term in terms:
            pipe.pfcount(_people_key(week, term))
        people = pipe.execute()
    return {
        term: Missed(int(times), int(number)) for term, times, number in zip(terms, found.values(), people, strict=True)
    }
