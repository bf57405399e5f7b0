"""Fifty rules over 56,000 people in 400 departments: how long a run of all audiences takes.

The goal is that of a morning's run, in which most people stay; the first run also writes every member there is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import django
from django.db import transaction

GOAL_SECONDS = 30.0


@dataclass(frozen=True)
class Report:
    """Seconds of whole runs: rows written, cache forgotten, apps told."""

    people: int
    rules: int
    members: int
    first: float
    nobody_moved: float
    moved: int
    some_moved: float

    def as_data(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        slowest = max(self.nobody_moved, self.some_moved)
        return "\n".join(
            [
                f"{self.rules} rules over {self.people:,} people: {self.members:,} members",
                f"{'the first run, all members written':<34}{self.first:>8.2f} s",
                f"{'again, nobody moved':<34}{self.nobody_moved:>8.2f} s",
                f"{f'again, {self.moved:,} people moved':<34}{self.some_moved:>8.2f} s",
                f"goal for a morning's run {GOAL_SECONDS:.0f} s: {'met' if slowest < GOAL_SECONDS else 'missed'}",
            ]
        )


def measure(_only: Sequence[str] = ()) -> Report:
    """In a transaction that is given up at the end, so that the demo organisation stays as it is."""
    django.setup()
    from bench.crowd import run_all
    from bench.portal import set_up

    set_up()
    with transaction.atomic():
        figures = run_all()
        transaction.set_rollback(True)
    return Report(**figures)
