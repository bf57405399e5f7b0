"""Empty what is kept of pages, so that a removed text is not in there either."""

from datetime import timedelta
from typing import cast

from django.core.cache import caches
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from coe_portal.core.cache import ForgivingRedisCache
from coe_portal.core.jobs import Later

AGAIN_AFTER = timedelta(seconds=15)
# By then a page that was begun with the rows of before has been put into the cache, if it ever is.
PAGES_END_WITHIN = timedelta(seconds=30)


def empty() -> None:
    """Raises Later while the server is away: nobody may say that a text is gone when a page may still show it."""
    server = cast("ForgivingRedisCache", caches["default"])
    if not server.ask_server(_empty, otherwise=False):
        raise Later(timezone.now() + AGAIN_AFTER, "The cache does not answer")


def _empty(server: Redis) -> bool:
    """With its append-only file, which holds what was put in until it is written anew."""
    server.flushdb()
    try:
        if server.info("persistence").get("aof_enabled"):
            server.bgrewriteaof()
    except RedisError:
        # A server that others run may not let us, or is at it: then the file is written anew when it has grown.
        pass
    return True
