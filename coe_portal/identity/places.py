"""Passwords are checked two at a time on a machine: each takes a processor for a fifth of a second.

On the morning of a roll-out a wave of sign-ins would otherwise hold every web process, and nobody could read a page.
Who finds no place is asked to send it again. Commands and jobs, which nobody waits for, are not counted.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings

in_request: ContextVar[bool] = ContextVar("in_request", default=False)


class NoPlace(Exception):
    """As many passwords are being checked as may be."""


@contextmanager
def place() -> Iterator[None]:
    """Held until the end of the block, or of the process if that is killed. Raises NoPlace."""
    if not in_request.get():
        yield
        return
    taken = _take()
    try:
        yield
    finally:
        os.close(taken)


def _take() -> int:
    folder = Path(settings.VAR_DIR) / "places"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(settings.PASSWORDS_AT_A_TIME):
        candidate = os.open(folder / str(number), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(candidate, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(candidate)
        else:
            return candidate
    raise NoPlace
