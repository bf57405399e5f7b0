"""What the cache does while its server is away, and what it must not have forgotten when it is back."""

import socket

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from redis.exceptions import ConnectionError as RedisConnectionError

from coe_portal.core.cache import ForgivingRedisCache


@pytest.fixture
def forgiving() -> ForgivingRedisCache:
    """The suite's server, seen by a process of its own."""
    options = settings.CACHES["default"]
    return ForgivingRedisCache(options["LOCATION"], {key: options[key] for key in ("OPTIONS", "KEY_PREFIX")})


@pytest.fixture
def gone() -> ForgivingRedisCache:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return ForgivingRedisCache(f"redis://127.0.0.1:{port}/0", {})


def lose_the_server(there: ForgivingRedisCache) -> None:
    def away() -> None:
        raise RedisConnectionError("away")

    there._ask(away, lambda: None)


def bring_it_back(there: ForgivingRedisCache) -> None:
    there._paused_until = 0.0


def test_while_the_server_is_gone_reads_miss_and_writes_are_dropped(gone: ForgivingRedisCache):
    gone.set("key", "value")

    assert gone.get("key", "default") == "default"
    assert gone.get_many(["key"]) == {}
    assert gone.has_key("key") is False
    assert gone.delete("key") is False


@pytest.mark.django_db
def test_rate_limits_count_on_in_the_database(gone: ForgivingRedisCache):
    gone.set("allauth:rl:login", [1, 2])
    locked = gone.add("allauth:rl:login:lock", True), gone.add("allauth:rl:login:lock", True)
    gone.delete("allauth:rl:login:lock")

    assert gone.get("allauth:rl:login") == [1, 2]
    assert caches["spare"].get("allauth:rl:login") == [1, 2]
    assert locked == (True, False)
    assert gone.add("allauth:rl:login:lock", True)


def test_what_was_removed_meanwhile_does_not_come_back(forgiving: ForgivingRedisCache):
    cache.set("session", "signed in")
    lose_the_server(forgiving)
    forgiving.delete("session")

    bring_it_back(forgiving)

    assert forgiving.get("session") is None


def test_what_was_changed_meanwhile_is_not_found_as_it_was(forgiving: ForgivingRedisCache):
    cache.set("version", "old")
    lose_the_server(forgiving)
    forgiving.set_many({"version": "new"})

    bring_it_back(forgiving)
    forgiving.get("other")

    assert cache.get("version") is None
