"""Servers that tests start on this machine and end again, and nothing else."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

# Below the ports that the system hands to outgoing connections, so that none is taken in between.
FIRST_PORT, LAST_PORT = 20_000, 32_000
STEP = 10


def free_ports(count: int) -> int:
    """The first of some ports in a row that nobody listens on."""
    start = FIRST_PORT + (os.getpid() * STEP) % (LAST_PORT - FIRST_PORT - STEP)
    for first in [*range(start, LAST_PORT, STEP), *range(FIRST_PORT, start, STEP)]:
        if all(map(_is_free, range(first, first + count))):
            return first
    pytest.skip("no free ports on this machine")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


@contextmanager
def running(command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """The program while it is needed; what it says is in the log."""
    with log.open("ab") as said:
        program = subprocess.Popen(
            [str(part) for part in command],
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
    try:
        yield
    finally:
        program.terminate()
        try:
            program.wait(timeout=10)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def wait_for(what: str, happened: Callable[[], bool], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            if happened():
                return
        except (httpx.HTTPError, OSError, KeyError, ValueError):
            pass
        time.sleep(0.2)
    raise AssertionError(f"{what} did not happen in {seconds} s")
