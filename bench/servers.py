"""A web server of its own for a measurement, and the CPU time that it and the services spend."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil

SERVICES = ("postgres", "valkey-server", "redis-server")


@dataclass(frozen=True)
class Server:
    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """User and system time of the web server and of every PostgreSQL and Valkey process of this machine."""
        own = [self.process, *self.process.children(recursive=True)]
        return sum(map(_cpu, [*own, *_services()]))

    def memory(self) -> int:
        """Bytes of proportional memory of the web server's processes."""
        return sum(each.memory_full_info().pss for each in [self.process, *self.process.children(recursive=True)])


def _services() -> list[psutil.Process]:
    return [each for each in psutil.process_iter(["name"]) if (each.info["name"] or "").startswith(SERVICES)]


def _cpu(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(spent.user + spent.system)


@contextmanager
def serve(application: str, port: int) -> Iterator[Server]:
    """granian as in production: a worker a core, one blocking thread each."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(os.cpu_count() or 2), "--blocking-threads", "1", "--no-access-log", "--log-level", "warning",
        application,
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        yield Server(url, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str) -> None:
    for _ in range(150):
        try:
            urlopen(f"{url}/nothing-here", timeout=5)
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"{url} did not start.")
