"""Where Unix sockets live, and ports that nobody else takes."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import tempfile
from pathlib import Path
from pwd import struct_passwd

from ops.errors import OpsError

LONGEST_PATH = 107
FIRST_PORT = 8000
PORTS_TRIED = 100


def socket_folder(preferred: Path, name: str, user: struct_passwd | None = None) -> Path:
    """The preferred folder, or, where the kernel's limit for socket paths is passed, a short private one."""
    if len(os.fsencode(preferred / name)) <= LONGEST_PATH:
        return private_folder(preferred, user)
    short = hashlib.sha256(os.fsencode(preferred)).hexdigest()[:12]
    return private_folder(Path(tempfile.gettempdir()) / f"coe-portal-{short}", user)


def private_folder(path: Path, user: struct_passwd | None) -> Path:
    """Make a folder for one user alone; refuse one that somebody else laid there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    allowed_owners = {os.geteuid(), user.pw_uid} if user else {os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in allowed_owners:
        raise OpsError(f"{path} belongs to somebody else: remove it, or set TMPDIR to a folder of your own")
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)
    return path


def reserve_port(wanted: int | None) -> socket.socket:
    """A bound socket that keeps the port for our web server and from everybody else's.

    The web server binds with SO_REUSEPORT, so that two of them would share one port without a word. This socket is
    bound alone first and only then opened for sharing, which the kernel allows to processes of the same user.
    """
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        try:
            return reserved(port)
        except OSError as error:
            refusal = error
    if wanted:
        raise OpsError(f"port {wanted} cannot be used: {refusal.strerror}. Set PORT to another one")
    raise OpsError(f"no free port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1}: set PORT")


def reserved(port: int) -> socket.socket:
    reservation = socket.socket()
    try:
        # On, it passes over connections that are still closing; off again, it refuses a second reservation.
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reservation.bind(("127.0.0.1", port))
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError:
        reservation.close()
        raise
    return reservation
