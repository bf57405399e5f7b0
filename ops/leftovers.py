"""What an earlier run left behind when it was killed together with whatever would have tidied up."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

from ops.errors import OpsError

MARK = "COE_STACK"
"""Environment variable of every supervised process: the state folder it belongs to."""

PATIENCE = 10


def end_marked(state_folder: Path) -> None:
    """End web, worker and beat processes of an earlier run on this state folder."""
    end(found for found in others() if marked(found, state_folder))


def end_inside(folder: Path, politely: signal.Signals) -> None:
    """End processes that work in a data folder. They rewrite their environment, so the folder is how they are known."""
    end((found for found in others() if working_folder(found) == folder), politely)


def end(found: Iterable[psutil.Process], politely: signal.Signals = signal.SIGTERM) -> None:
    remaining = list(found)
    for step, patience in ((politely, PATIENCE), (signal.SIGKILL, 5)):
        for process in remaining:
            try:
                process.send_signal(step)
            except psutil.NoSuchProcess:
                continue
        _, remaining = psutil.wait_procs(remaining, timeout=patience)
        remaining = [process for process in remaining if alive(process)]
    if remaining:
        raise OpsError(f"processes of an earlier run cannot be ended: {', '.join(str(one.pid) for one in remaining)}")


def others() -> Iterator[psutil.Process]:
    own_line = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return (found for found in psutil.process_iter() if found.pid not in own_line and alive(found))


def alive(process: psutil.Process) -> bool:
    """A zombie holds no file and no memory: where nobody reaps it, it stays for ever and harms nothing."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def marked(process: psutil.Process, state_folder: Path) -> bool:
    try:
        return process.environ().get(MARK) == str(state_folder)
    except (psutil.Error, OSError):
        return False


def working_folder(process: psutil.Process) -> Path | None:
    try:
        return Path(process.cwd())
    except (psutil.Error, OSError):
        return None
