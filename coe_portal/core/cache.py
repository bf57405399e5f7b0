"""A Redis cache that a request survives: when the server is gone or frozen, reads miss and writes are dropped."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

PAUSE_AFTER_FAILURE = 2.0
RATE_LIMIT_PREFIX = "allauth:rl"
# Counts of attempts, and the codes of a second step that were used.
MUST_HOLD = (RATE_LIMIT_PREFIX, "allauth.mfa.totp.used")
# The cache of the settings that does not need the server.
SPARE = "spare"

T = TypeVar("T")


class KeptRedisCacheClient(RedisCacheClient):
    """Django makes a client of redis-py for every command, which costs more than the command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[bool, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class ForgivingRedisCache(RedisCache):
    """After a failure the server is left alone for two seconds, so that a frozen one cannot slow every request.

    What could not be changed meanwhile would come back as it was: a session that has ended, a person who has left.
    Those keys are remembered and removed before the server is asked anything else.

    Rate limits must hold all the same, over all processes, and a code be good once: their keys fall back to a table of
    the database.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptRedisCacheClient
        self._paused_until = 0.0
        self._unsettled: set[str] = set()

    def _ask(self, call: Callable[[], T], otherwise: Callable[[], T], changing: Iterable[str] = ()) -> T:
        if time.monotonic() >= self._paused_until:
            try:
                self._settle()
                return call()
            except (RedisError, OSError) as error:
                self._paused_until = time.monotonic() + PAUSE_AFTER_FAILURE
                log.warning("The cache does not answer: %s", error)
        self._unsettled.update(changing)
        return otherwise()

    def _settle(self) -> None:
        if self._unsettled:
            super().delete_many(self._unsettled)
            self._unsettled = set()

    def ask_server(self, call: "Callable[[Redis], T]", otherwise: T) -> T:
        """For what a cache has no word for: commands to the server itself, or `otherwise` while it is away."""
        return self._ask(lambda: call(self._cache.get_client(None, write=True)), lambda: otherwise)

    def _spare(self, key: str, call: Callable[[BaseCache], T], otherwise: T) -> Callable[[], T]:
        if key.startswith(MUST_HOLD):
            return lambda: call(caches[SPARE])
        return lambda: otherwise

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(
            lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version),
            self._spare(key, lambda spare: spare.add(key, value, timeout, version), otherwise=True),
        )

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(
            lambda: super(ForgivingRedisCache, self).get(key, default, version),
            self._spare(key, lambda spare: spare.get(key, default, version), default),
        )

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask(
            lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version),
            self._spare(key, lambda spare: spare.set(key, value, timeout, version), None),
            changing=[key],
        )

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(lambda: super(ForgivingRedisCache, self).touch(key, timeout, version), lambda: False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._ask(
            lambda: super(ForgivingRedisCache, self).delete(key, version),
            self._spare(key, lambda spare: spare.delete(key, version), otherwise=False),
            changing=[key],
        )

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        wanted = list(keys)
        return self._ask(lambda: super(ForgivingRedisCache, self).get_many(wanted, version), dict)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda: super(ForgivingRedisCache, self).has_key(key, version), lambda: False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._ask(
            lambda: super(ForgivingRedisCache, self).incr(key, delta, version),
            self._spare(key, lambda spare: spare.incr(key, delta, version), delta),
        )

    def set_many(
        self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        return self._ask(
            lambda: super(ForgivingRedisCache, self).set_many(dict(data), timeout, version),
            lambda: list(data),
            changing=data,
        )

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        unwanted = list(keys)
        self._ask(lambda: super(ForgivingRedisCache, self).delete_many(unwanted, version), lambda: None, unwanted)

    def clear(self) -> None:
        self._ask(super().clear, lambda: None)
