"""What nearly every page asks of the cache, read in one round trip together with the signed-in person."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.core.cache import cache
from django.core.cache.backends.base import DEFAULT_TIMEOUT

from coe_portal.core.cache import ForgivingRedisCache

MISSING = object()

_personal: list[str] = []


class ReadAheadRedisCache(ForgivingRedisCache):
    """Remembers what was read ahead until the request ends, when Django closes its caches, or until it is written."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._ahead: dict[str, Any] = {}

    def read_ahead(self, keys: Iterable[str]) -> dict[str, Any]:
        wanted = list(keys)
        found = super().get_many(wanted)
        self._ahead = {key: found.get(key, MISSING) for key in wanted}
        return found

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        if key in self._ahead:
            value = self._ahead[key]
            return default if value is MISSING else value
        return super().get(key, default, version)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        wanted = list(keys)
        known = {key: self._ahead[key] for key in wanted if key in self._ahead}
        asked = [key for key in wanted if key not in known]
        found = super().get_many(asked, version) if asked else {}
        return {key: value for key, value in known.items() if value is not MISSING} | found

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        self._ahead.pop(key, None)
        return super().add(key, value, timeout, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ahead.pop(key, None)
        super().set(key, value, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        self._ahead.pop(key, None)
        return super().delete(key, version)

    def set_many(
        self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        for key in data:
            self._ahead.pop(key, None)
        return super().set_many(data, timeout, version)

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        unwanted = list(keys)
        for key in unwanted:
            self._ahead.pop(key, None)
        super().delete_many(unwanted, version)

    def clear(self) -> None:
        self._ahead = {}
        super().clear()

    def close(self, **kwargs: Any) -> None:
        self._ahead = {}
        super().close(**kwargs)


def personal(pattern: str) -> None:
    """Keys like "unread:{}" with a person's id, which every page of that person needs."""
    if pattern not in _personal:
        _personal.append(pattern)


def read_for(person_id: int, keys: Iterable[str]) -> dict[str, Any]:
    """These keys now; the personal ones stay at hand for the rest of the request."""
    backend = cast(ReadAheadRedisCache, cache)
    return backend.read_ahead([*keys, *(pattern.format(person_id) for pattern in _personal)])
