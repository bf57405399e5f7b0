"""Children that never outlive this program."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from pwd import struct_passwd
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
LONGEST_LOG = 5_000_000


@dataclass(frozen=True)
class Program:
    """What to start, as whom, and the signal that ends it politely."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]
    folder: Path
    log: Path | None
    ends_on: signal.Signals = signal.SIGTERM
    user: struct_passwd | None = None


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def age(self) -> float:
        return time.monotonic() - self.started

    def ended(self) -> bool:
        return self.process.poll() is not None

    def outcome(self) -> str:
        code = self.process.returncode
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def ask_to_end(self) -> None:
        if not self.ended():
            self.process.send_signal(self.program.ends_on)

    def end(self, patience: float) -> None:
        self.ask_to_end()
        try:
            self.process.wait(max(patience, 0.01))
        except subprocess.TimeoutExpired:
            print(f"· the {self.name} did not end within its time and is killed", file=sys.stderr)
        self.kill_group()

    def kill_group(self) -> None:
        """End what the child leaves behind: a server whose head was killed keeps its port through its workers."""
        with suppress(ProcessLookupError, PermissionError):  # nobody is left, or only a zombie
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(program: Program) -> Child:
    """Start a program in a session of its own; it is told to end when this process ends, however that happens."""
    with opened_log(program.log) as output:
        process = subprocess.Popen(
            [str(part) for part in program.command],
            cwd=program.folder,
            env=dict(program.env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=ends_with_parent(program.ends_on),
            user=program.user.pw_uid if program.user else None,
            group=program.user.pw_gid if program.user else None,
            extra_groups=[] if program.user else None,
        )
    return Child(program, process)


def ends_with_parent(ends_on: signal.Signals) -> Callable[[], None]:
    """Have the kernel send the signal when the parent dies, even by kill -9. Linux only."""
    parent = os.getpid()

    def prepare() -> None:
        if LIBC:
            LIBC.prctl(PR_SET_PDEATHSIG, int(ends_on))
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def opened_log(path: Path | None) -> IO[bytes]:
    if path is None:
        return os.fdopen(os.dup(sys.stderr.fileno()), "wb")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        path.replace(path.with_suffix(".1.log"))
    return path.open("ab")


def last_lines(path: Path | None, count: int = 15) -> str:
    if path is None or not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
