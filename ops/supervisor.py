"""Keeps programs up: one that ends is started again, later each time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ops import stopping
from ops.bootstrap import say
from ops.errors import OpsError
from ops.processes import Child

DELAYS = (0.5, 1, 2, 4, 8, 16, 30)
STEADY = 60
"""Seconds after which a child counts as healthy and its earlier ends are forgotten."""
PULSE = 0.2


class Startable(Protocol):
    @property
    def name(self) -> str: ...

    def start(self) -> Child: ...


@dataclass
class Kept:
    """A running child and how it is brought back."""

    part: Startable
    child: Child
    attempts: int | None = None
    """How often in a row, None for ever. Without a database that cannot start any more nothing else makes sense."""
    failures: int = 0
    due: float | None = None

    def look(self) -> None:
        if not self.child.ended():
            if self.child.age > STEADY:
                self.failures = 0
        elif self.due is None:
            self.plan()
        elif time.monotonic() >= self.due:
            self.bring_back()

    def plan(self) -> None:
        self.child.kill_group()
        if self.attempts is not None and self.failures >= self.attempts:
            raise OpsError(f"the {self.part.name} cannot be kept up; its log is {self.child.program.log}")
        delay = DELAYS[min(self.failures, len(DELAYS) - 1)]
        self.failures += 1
        self.due = time.monotonic() + delay
        say(f"the {self.part.name} {self.child.outcome()} and is started again in {delay:g} s")

    def bring_back(self) -> None:
        self.due = None
        try:
            self.child = self.part.start()
        except OpsError as error:
            say(str(error))
        else:
            say(f"the {self.part.name} is back")


def keep(kept: Sequence[Kept]) -> None:
    """Until somebody asks for the end, or something cannot be kept up."""
    while True:
        for one in kept:
            one.look()
        stopping.pause(PULSE)
