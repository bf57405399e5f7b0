"""Jobs by name. An app's `tasks.py` defines them, the outbox runs them, actions know only the name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

Handler = TypeVar("Handler", bound=Callable[..., None])


@dataclass(frozen=True)
class Job:
    """`atomic` jobs commit together with the note that they are done; others must be safe to run twice.

    After `attempts` failures it is parked.
    """

    name: str
    handler: Callable[..., None]
    atomic: bool
    attempts: int


class Later(Exception):
    """Raised by a job that cannot run yet and is no failure: asks to be run again at a time."""

    def __init__(self, at: datetime, reason: str) -> None:
        super().__init__(reason)
        self.at = at


ATTEMPTS = 3

_jobs: dict[str, Job] = {}


def job(name: str, *, atomic: bool = True, attempts: int = ATTEMPTS) -> Callable[[Handler], Handler]:
    """Register the function as the job of that name. Its arguments are JSON: ids, dates as text, plain words."""

    def register(handler: Handler) -> Handler:
        known = _jobs.get(name)
        if known and known.handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"There are two jobs named {name}.")
        _jobs[name] = Job(name, handler, atomic, attempts)
        return handler

    return register


def find_job(name: str) -> Job:
    """Raises LookupError for a name that no app defines."""
    try:
        return _jobs[name]
    except KeyError:
        raise LookupError(f"No app defines the job {name}.") from None


def job_names() -> frozenset[str]:
    return frozenset(_jobs)
