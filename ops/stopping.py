"""Ctrl-C, SIGTERM and a closed terminal, noticed at the points where stopping is safe."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from types import FrameType

from ops.errors import OpsError, StopRequestedError
from ops.processes import Child, last_lines

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PULSE = 0.02
GRACE = 20

requested: list[signal.Signals] = []


def listen() -> None:
    for one in SIGNALS:
        signal.signal(one, remember)


def remember(number: int, _frame: FrameType | None) -> None:
    requested.append(signal.Signals(number))


def pause(seconds: float) -> None:
    time.sleep(seconds)
    if requested:
        raise StopRequestedError


def wait_until(condition: Callable[[], bool], seconds: float, child: Child) -> None:
    """Wait for a child to be of use. A child that is not, or ends instead, is an error with the end of its log."""
    deadline = time.monotonic() + seconds
    try:
        while not condition():
            if child.ended():
                raise OpsError(f"the {child.name} {child.outcome()} before it was ready{end_of_log(child)}")
            if time.monotonic() > deadline:
                raise OpsError(f"the {child.name} was not ready within {seconds:.0f} s{end_of_log(child)}")
            pause(PULSE)
    except BaseException:
        child.end(GRACE)  # nobody looks after it yet
        raise


def wait_for_end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a program that ends by itself; when everything is asked to end, it is too."""
    try:
        while process.poll() is None:
            pause(PULSE)
    except StopRequestedError:
        process.terminate()
        process.wait()
        raise


def end_of_log(child: Child) -> str:
    lines = last_lines(child.program.log)
    return f":\n{lines}" if lines else ""
