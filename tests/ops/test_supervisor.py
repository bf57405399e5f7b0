import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ops.errors import OpsError
from ops.processes import Child, Program, start
from ops.supervisor import DELAYS, Kept


@dataclass
class Toy:
    """Starts one program after the other, the last one for ever."""

    folder: Path
    codes: list[str]
    started: list[Child] = field(default_factory=list)
    name: str = "toy"

    def start(self) -> Child:
        code = self.codes[min(len(self.started), len(self.codes) - 1)]
        child = start(Program(self.name, [sys.executable, "-c", code], dict(os.environ), self.folder, None))
        self.started.append(child)
        return child


def look_until_ended(kept: Kept) -> None:
    kept.child.process.wait()
    kept.look()


def look_when_due(kept: Kept) -> None:
    kept.due = 0
    kept.look()


def test_a_program_that_ends_is_started_again_after_its_delay(tmp_path: Path) -> None:
    toy = Toy(tmp_path, ["", "import time; time.sleep(60)"])
    kept = Kept(toy, toy.start())

    look_until_ended(kept)
    kept.look()
    assert len(toy.started) == 1, "not before the delay is over"
    look_when_due(kept)

    assert len(toy.started) == 2
    assert not kept.child.ended()
    kept.child.end(0)


def test_every_end_in_a_row_makes_the_delay_longer(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    toy = Toy(tmp_path, ["raise SystemExit(4)"])
    kept = Kept(toy, toy.start())

    for _ in range(3):
        look_until_ended(kept)
        look_when_due(kept)

    told = [line for line in capfd.readouterr().err.splitlines() if "again" in line]
    assert told == [f"· the toy ended with status 4 and is started again in {delay:g} s" for delay in DELAYS[:3]]


def test_a_steady_program_is_forgiven(tmp_path: Path) -> None:
    toy = Toy(tmp_path, ["import time; time.sleep(60)"])
    kept = Kept(toy, toy.start(), failures=3)
    kept.child.started -= 61

    kept.look()

    assert kept.failures == 0
    kept.child.end(0)


def test_a_service_that_cannot_be_kept_up_is_an_error(tmp_path: Path) -> None:
    toy = Toy(tmp_path, [""])
    kept = Kept(toy, toy.start(), attempts=1)
    look_until_ended(kept)
    look_when_due(kept)

    with pytest.raises(OpsError, match="the toy cannot be kept up"):
        look_until_ended(kept)
