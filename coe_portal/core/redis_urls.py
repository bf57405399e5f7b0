"""One REDIS_URL, in the forms that Celery and Django's cache want."""

from urllib.parse import urlsplit

QUEUE_DATABASE = 0
CACHE_DATABASE = 1


def broker_url(redis_url: str, database: int = QUEUE_DATABASE) -> str:
    """`redis://host:6379` or `unix:///path.sock` as a kombu address of the queue's database."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host={database}"
    return parts._replace(path=f"/{database}").geturl()


def cache_url(redis_url: str, database: int = CACHE_DATABASE) -> str:
    """The same server as a redis-py address of the cache's database."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={database}"
    return parts._replace(path=f"/{database}").geturl()
