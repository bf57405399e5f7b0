"""A whole portal for the journeys: the demo organisation in a database of its own, web server and Celery worker."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg2

from ops.sockets import reserve_port

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_SECONDS = 60


@contextmanager
def running_portal(folder: Path) -> Iterator[str]:
    """Yields the address. Everything is as `bin/run` starts it, but for the worker of one process."""
    with _database(f"browser_{os.getpid()}") as database_url:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "coe_portal.settings.dev",
            "DATABASE_URL": database_url,
            "COE_VAR": str(folder),
        }
        subprocess.run([sys.executable, "manage.py", "setup", "--demo"], cwd=ROOT, env=environment, check=True)
        with reserve_port(None) as reserved:
            port = reserved.getsockname()[1]
            address = f"http://localhost:{port}"
            with _process(_web(port), environment), _process(_worker(), environment):
                _wait_for(address)
                yield address


def _web(port: int) -> list[str]:
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1"]
    return [*granian, "--host", "127.0.0.1", "--port", str(port), "coe_portal.wsgi:application"]


def _worker() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "coe_portal", "worker", "--concurrency", "1", "--loglevel", "WARNING"]


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def _database(name: str) -> Iterator[str]:
    """A new database on the server that the suite uses."""
    served = os.environ["DATABASE_URL"]
    server = os.environ.get("DATABASE_OWNER_URL") or served
    _execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(served)._replace(path=f"/{name}").geturl()
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(server: str, statement: str) -> None:
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _wait_for(address: str) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        try:
            urlopen(f"{address}/accounts/login/", timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"{address} did not start.")
