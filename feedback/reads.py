"""What people read, noted in the cache while a page is shown and written to the database once a minute."""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from django.core.cache import cache
from redis import Redis

from coe_portal.core.cache import ForgivingRedisCache

WAITING = "feedback:reads"
TAKEN = "feedback:reads:taken"


def _server() -> ForgivingRedisCache:
    return cast(ForgivingRedisCache, cache)


def remember(person_id: int, topic_id: int, number: int) -> None:
    """The highest number counts, whatever order the pages were read in."""
    key = cache.make_key(WAITING)
    _server().ask_server(lambda server: server.zadd(key, {f"{person_id}:{topic_id}": number}, gt=True), None)


def waiting(person_id: int, topic_ids: Collection[int]) -> dict[int, int]:
    """Marks of the person that the database does not have yet."""
    if not topic_ids:
        return {}
    key = cache.make_key(WAITING)
    members = [f"{person_id}:{topic_id}" for topic_id in topic_ids]
    scores: Sequence[float | None] = _server().ask_server(lambda server: _scores(server, key, members), ())
    return {topic: int(score) for topic, score in zip(topic_ids, scores, strict=False) if score is not None}


def _scores(server: Redis, key: str, members: list[str]) -> Sequence[float | None]:
    return server.zmscore(key, members)


def take() -> Mapping[tuple[int, int], int]:
    """(person, topic) -> number of all that wait. They are kept aside until `written`, in case the job dies."""
    nothing: Mapping[tuple[int, int], int] = {}
    return _server().ask_server(_take, nothing)


def _take(server: Redis) -> Mapping[tuple[int, int], int]:
    taken = cache.make_key(TAKEN)
    if not server.exists(taken) and server.exists(cache.make_key(WAITING)):
        server.rename(cache.make_key(WAITING), taken)
    found = cast(list[tuple[bytes, float]], server.zrange(taken, 0, -1, withscores=True))
    return {_pair(member): int(number) for member, number in found}


def _pair(member: bytes) -> tuple[int, int]:
    person_id, topic_id = member.decode().split(":")
    return int(person_id), int(topic_id)


def written() -> None:
    taken = cache.make_key(TAKEN)
    _server().ask_server(lambda server: server.delete(taken), None)
