"""PostgreSQL and Valkey for one state folder, and the commands that run while they are up."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ops import leftovers, processes, stopping
from ops.bootstrap import ROOT, say
from ops.errors import OpsError
from ops.postgres import Postgres, installed_binaries
from ops.valkey import Valkey

Service = Postgres | Valkey
Environment = dict[str, str]
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@dataclass(frozen=True)
class State:
    """One folder of data, one stack at a time."""

    folder: Path

    @classmethod
    def of(cls, name: str) -> State:
        return cls(Path(os.environ.get("COE_VAR") or ROOT / name).resolve())

    @property
    def lock(self) -> Path:
        return self.folder / "stack.lock"

    @property
    def notes(self) -> Path:
        return self.folder / "stack.json"

    def write(self, **notes: str | int) -> None:
        """What others may want to know of the stack that holds the lock; the addresses hold a password."""
        unfinished = self.notes.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps({"pid": os.getpid(), **notes}))
        unfinished.replace(self.notes)

    def read(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.notes.read_text()))
        except (FileNotFoundError, ValueError):
            return {}

    @contextmanager
    def held(self, *, patient: bool = False) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.lock.open("w") as file:
            if not taken(file):
                if not patient:
                    raise OpsError(self.already_running())
                say(f"waiting: {self.already_running()}")
                wait_for(file)
            if self.notes.exists():  # whoever wrote them did not come to an end
                leftovers.end_marked(self.folder)
            self.write()
            yield
            self.notes.unlink(missing_ok=True)

    def already_running(self) -> str:
        notes = self.read()
        return (
            f"already running: {notes.get('url') or 'in ' + str(self.folder)} (process {notes.get('pid', 'unknown')})"
        )


def taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_for(file: IO[str]) -> None:
    while not taken(file):
        stopping.pause(0.2)


def needed_services(state: State, *, fast: bool) -> list[Service]:
    """An address in the environment replaces the embedded service."""
    services: list[Service] = []
    if not os.environ.get("DATABASE_URL"):
        services.append(Postgres(state.folder, fast=fast))
    if not os.environ.get("REDIS_URL"):
        services.append(Valkey(state.folder, fast=fast))
    return services


def environment(state: State, services: Sequence[Service], settings: str) -> Environment:
    """What every program of the portal is handed, save what the person already decided."""
    addresses: Environment = {}
    for one in services:
        if isinstance(one, Postgres):
            addresses |= {"DATABASE_URL": one.application_url, "DATABASE_OWNER_URL": one.url}
        else:
            addresses["REDIS_URL"] = one.url
    return {**defaults(settings), **addresses, "COE_VAR": str(state.folder)}


def defaults(settings: str) -> Environment:
    """The person's own environment, and what it leaves open."""
    # Last in the PATH: for `bin/manage dbshell` where there is no psql.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(installed_binaries())])
    return {"DJANGO_SETTINGS_MODULE": settings, "PYTHONUNBUFFERED": "1", **os.environ, "PATH": path}


def start_services(services: Sequence[Service]) -> list[processes.Child]:
    children: list[processes.Child] = []
    try:
        children.extend(service.start() for service in services)
    except BaseException:
        end_together(children)
        raise
    return children


def end_together(children: Sequence[processes.Child], patience: float = 20) -> None:
    """All of one list at once, each with the same deadline."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + patience
    for child in children:
        child.end(deadline - time.monotonic())


def run_command(command: Sequence[str], state: State, settings: str, *, fast: bool, patient: bool) -> int:
    """Run one command in the foreground with the services up, and hand back its status."""
    stopping.listen()
    with state.held(patient=patient):
        services = needed_services(state, fast=fast)
        children = start_services(services)
        env = environment(state, services, settings)
        state.write(**addresses_of(env))
        try:
            return foreground(command, env)
        finally:
            end_together(children)


def run_beside(command: list[str], state: State, settings: str) -> int:
    """Run one command with the services of a stack that is up already, or with its own."""
    notes = state.read()
    if notes.get("DATABASE_URL") and is_held(state):
        env = {**addresses_of(notes), **defaults(settings), "COE_VAR": str(state.folder)}
        os.execvpe(command[0], command, env)
    return run_command(command, state, settings, fast=False, patient=True)


def is_held(state: State) -> bool:
    with state.lock.open("a") as file:
        return not taken(file)


def addresses_of(known: dict[str, str]) -> Environment:
    return {name: known[name] for name in ADDRESSES if name in known}


def foreground(command: Sequence[str], env: Environment) -> int:
    """The command owns the terminal: Ctrl-C reaches it directly, a SIGTERM is passed on."""
    process = subprocess.Popen(command, env=env, preexec_fn=processes.ends_with_parent(signal.SIGTERM))
    forwarded = 0
    while process.poll() is None:
        time.sleep(stopping.PULSE)
        for one in stopping.requested[forwarded:]:
            if one != signal.SIGINT or not sys.stdin.isatty():
                process.send_signal(one)
        forwarded = len(stopping.requested)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode
