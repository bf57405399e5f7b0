"""Reads the table of docs/permissions.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "permissions.md"
ROLES = ("nobody", "employee", "coordinator", "strategist", "executive", "privacy", "admin")
NO = "-"
CELLS = {NO, *(f"{limit}{what}" for limit in ("", "own ", "branch ") for what in ("read", "do", "read do"))}
# Whose the samples are: what belongs to one person, and what belongs to a branch.
LIMITED_TO = {"own": "employee", "branch": "coordinator"}


@dataclass(frozen=True)
class Row:
    """One address, and what each role may there: read (GET), do (POST), perhaps only with its own or its branch's."""

    name: str
    address: str
    cells: dict[str, str]

    @property
    def is_limited(self) -> bool:
        return any(cell.partition(" ")[0] in LIMITED_TO for cell in self.cells.values())

    @property
    def for_samples(self) -> dict[str, str]:
        """What each role may do with an object of the employee, or of the coordinator's branch."""
        return {
            role: _within(cell, {limit for limit, whose in LIMITED_TO.items() if whose == role})
            for role, cell in self.cells.items()
        }

    @property
    def for_samples_of_others(self) -> dict[str, str]:
        return {role: _within(cell, set()) for role, cell in self.cells.items()}

    def __str__(self) -> str:
        return f"| `{self.name}` | {self.address} | {' | '.join(self.cells[role] for role in ROLES)} |"


def _within(cell: str, limits: set[str]) -> str:
    limit, _, what = cell.partition(" ")
    if limit not in LIMITED_TO:
        return cell
    return what if limit in limits else NO


def rows() -> Iterator[Row]:
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        found = re.match(r"\| `(?P<name>[^`]+)` \| (?P<address>.*?) \| (?P<cells>.*) \|$", line)
        if found:
            cells = [cell.strip() for cell in found["cells"].split(" | ")]
            yield Row(found["name"], found["address"], dict(zip(ROLES, cells, strict=True)))
