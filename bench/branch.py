"""The coordinator's page with 54,800 people in the branch, each with two policies, a notice and two courses open.

A page is asked for as a signed-in coordinator of the whole tree, in this process, so that the figures are the portal's
own work: no server, no network. The data are given up at the end.
"""

import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import django
from django.db import transaction

GOAL_SECONDS = 1.0
ROUNDS = 20


@dataclass(frozen=True)
class Line:
    label: str
    p50: float
    p95: float


@dataclass(frozen=True)
class Report:
    people: int
    obligations: int
    lines: Sequence[Line]
    peak_mb: int

    def as_data(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        rows = [f"{each.label:<34}p50 {each.p50:>6.2f} s   p95 {each.p95:>6.2f} s" for each in self.lines]
        met = all(each.p95 <= GOAL_SECONDS for each in self.lines if each.label.startswith("page"))
        return "\n".join(
            [
                f"{self.people:,} people owe {self.obligations:,} things; {self.peak_mb} MB at most",
                *rows,
                f"goal for a page p95 {GOAL_SECONDS:.0f} s: {'met' if met else 'missed'}",
            ]
        )


def measure(only: Sequence[str] = ()) -> Report:
    django.setup()
    from bench.branch_crowd import addresses, make
    from bench.portal import set_up

    set_up()
    with transaction.atomic():
        made = make()
        asked = {label: call for label, call in addresses(made).items() if not only or label in only}
        lines = [timed(label, call, 3 if label.startswith("export") else ROUNDS) for label, call in asked.items()]
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Report(made.people, made.obligations, lines, peak)


def timed(label: str, call: Callable[[], None], rounds: int) -> Line:
    call()
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return Line(label, statistics.median(seconds), sorted(seconds)[max(0, round(rounds * 0.95) - 1)])
