"""Which commands go to the cache server, for tests that count round trips."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.connection import AbstractConnection


@contextmanager
def commands_sent() -> Iterator[list[str]]:
    sent: list[str] = []
    original = AbstractConnection.send_command

    def listen(self, *words, **options):
        sent.append(str(words[0]))
        return original(self, *words, **options)

    AbstractConnection.send_command = listen
    try:
        yield sent
    finally:
        AbstractConnection.send_command = original
