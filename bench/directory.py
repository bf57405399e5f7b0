"""A directory of 56,000 people in 400 departments, from the file to the last audience: dry run and bringing in."""

import csv
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from io import StringIO

import django
from django.db import transaction

GOAL_SECONDS = 120.0
PEOPLE = 56_000
DEPARTMENTS = 400
HEADER = (
    "Employee number", "E-mail", "Name", "Job title", "Employee type", "Location", "Hire date",
    "Department code", "Department name", "Parent department code", "Manager",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """Seconds, and the growth of this process's memory in bytes."""

    people: int
    check_first: float
    apply_first: float
    check_same: float
    check_next: float
    apply_next: float
    moved: int
    left: int
    memory: int

    def as_data(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        slowest = max(self.check_first + self.apply_first, self.check_next + self.apply_next)
        return "\n".join(
            [
                f"{self.people:,} people in {DEPARTMENTS} departments",
                f"{'the first file: dry run':<44}{self.check_first:>8.1f} s",
                f"{'the first file: brought in':<44}{self.apply_first:>8.1f} s",
                f"{'the same file again: dry run, 0 changes':<44}{self.check_same:>8.1f} s",
                f"{f'{self.moved:,} move, {self.left:,} leave: dry run':<44}{self.check_next:>8.1f} s",
                f"{f'{self.moved:,} move, {self.left:,} leave: brought in':<44}{self.apply_next:>8.1f} s",
                f"{'memory beyond the start':<44}{self.memory / 1_048_576:>8.0f} MB",
                f"goal {GOAL_SECONDS:.0f} s for both steps: {'met' if slowest < GOAL_SECONDS else 'missed'}",
            ]
        )


def a_file(*, moving: int = 0, leaving: int = 0) -> bytes:
    """`moving` of the people are in another department, `leaving` of the last are missing."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(PEOPLE - leaving):
        unit = (number + (1 if number < moving else 0)) % DEPARTMENTS
        division = f"B{unit % 20:03}"
        writer.writerow(
            [
                f"N{number:06}", f"n{number:06}@bench.example", f"Person {number}", "Registered nurse", "Nursing",
                f"Campus {unit % 7}", "2021-05-17", f"B{unit:03}", f"Unit {unit}", "" if unit < 20 else division,
                f"N{unit:06}",
            ]
        )  # fmt: skip
    return text.getvalue().encode()


def measure(_only: Sequence[str] = ()) -> Report:
    """In a transaction that is given up at the end, so that the demo organisation stays as it is."""
    django.setup()
    from bench.portal import set_up

    set_up()
    with transaction.atomic():
        report = _measured()
        transaction.set_rollback(True)
    return report


def _measured() -> Report:
    from coe_portal.directory import tasks

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first, check_first = _checked(a_file())
    apply_first = _seconds(lambda: tasks.apply_import(_confirmed(first)))
    same, check_same = _checked(a_file())
    counts = _counts(same)
    assert not any(counts[key] for key in ("join", "back", "move", "change", "leave")), counts
    following, check_next = _checked(a_file(moving=3_000, leaving=1_000))
    apply_next = _seconds(lambda: tasks.apply_import(_confirmed(following)))
    counts = _counts(following)
    return Report(
        PEOPLE, check_first, apply_first, check_same, check_next, apply_next, counts["move"], counts["leave"],
        (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024,
    )  # fmt: skip


def _checked(content: bytes) -> tuple[int, float]:
    """The id of the file, and how long its dry run took."""
    from coe_portal.directory import actions, tasks
    from coe_portal.people.models import User

    by = User.objects.get(email="admin@riverbend.example")
    source = actions.receive(by=by, name="bench.csv", content=content, kind="people", is_whole=True)
    actions.name_columns(by=by, source=source, columns=source.columns, dates=source.dates, is_whole=True)
    return source.pk, _seconds(lambda: tasks.check_import(source.pk))


def _confirmed(source_id: int) -> int:
    from coe_portal.directory import actions
    from coe_portal.directory.models import DirectoryImport

    source = DirectoryImport.objects.select_related("by").get(pk=source_id)
    actions.confirm(by=source.by, source=source, leavers_accepted=source.counts["leave"])
    return source_id


def _counts(source_id: int) -> dict[str, int]:
    from coe_portal.directory.models import DirectoryImport

    return dict(DirectoryImport.objects.get(pk=source_id).counts)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
