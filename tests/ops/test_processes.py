import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ops.processes import LONGEST_LOG, Child, Program, start


def python(code: str, folder: Path, *, log: Path | None = None) -> Program:
    return Program("toy", [sys.executable, "-c", code], dict(os.environ), folder, log or folder / "toy.log")


def eventually(condition: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def told(path: Path) -> str:
    assert eventually(lambda: path.exists() and path.read_text().endswith("\n"))
    return path.read_text().strip()


def test_a_child_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    code = (
        "import os, time; from pathlib import Path; from ops.processes import Program, start\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "child = start(Program('toy', ['sleep', '60'], os.environ, folder, None))\n"
        "(folder / 'pid').write_text(f'{child.process.pid}\\n')\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    child = int(told(tmp_path / "pid"))

    parent.kill()
    parent.wait()

    assert eventually(lambda: not is_alive(child))


def test_a_child_that_does_not_listen_is_killed_after_its_time(tmp_path: Path) -> None:
    child = start(python("import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(60)", tmp_path))
    told(tmp_path / "toy.log")

    child.end(0.2)

    assert child.process.returncode == -signal.SIGKILL


def test_what_a_killed_child_started_ends_with_it(tmp_path: Path) -> None:
    child = start(python("import subprocess; p = subprocess.Popen(['sleep', '60']); print(p.pid); p.wait()", tmp_path))
    grandchild = int(told(tmp_path / "toy.log"))
    child.process.kill()
    child.process.wait()

    child.kill_group()

    assert eventually(lambda: not is_alive(grandchild))


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("raise SystemExit(3)", "ended with status 3"), ("import os; os.kill(os.getpid(), 9)", "was ended by SIGKILL")],
)
def test_the_outcome_is_told_in_words(tmp_path: Path, code: str, outcome: str) -> None:
    child = start(python(code, tmp_path))
    child.process.wait()

    assert child.outcome() == outcome


def test_a_long_log_is_put_aside_at_the_next_start(tmp_path: Path) -> None:
    log = tmp_path / "toy.log"
    log.write_bytes(b"x" * (LONGEST_LOG + 1))

    child: Child = start(python("print('new')", tmp_path, log=log))
    child.process.wait()

    assert log.read_text() == "new\n"
    assert (tmp_path / "toy.1.log").stat().st_size == LONGEST_LOG + 1
