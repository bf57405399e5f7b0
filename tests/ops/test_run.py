"""bin/run as a person starts it: the whole portal, ended, killed and started again."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from ops.bootstrap import ROOT
from tests.ops.test_processes import is_alive
from tests.ops.test_sockets import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


class Portal:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        env = {**os.environ, "COE_VAR": str(self.folder), "PORT": str(self.port)}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        process = subprocess.Popen(
            [ROOT / "bin" / "run", "--empty"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert process.stdout is not None
        self.told = []
        for line in process.stdout:
            self.told.append(line.strip())
            if line.startswith("ready "):
                return process
        raise AssertionError("\n".join(self.told))

    def health(self) -> dict[str, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return dict(json.loads(connection.getresponse().read()))
        except OSError as error:
            return {"status": str(error)}
        finally:
            connection.close()

    def becomes_well(self) -> bool:
        deadline = time.monotonic() + 90
        while (told := self.health())["status"] != "ok" and time.monotonic() < deadline:
            time.sleep(0.2)
        return told["status"] == "ok"

    def refusal_of_a_second(self) -> str:
        env = {**os.environ, "COE_VAR": str(self.folder)}
        done = subprocess.run([ROOT / "bin" / "run"], env=env, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 1
        return done.stderr.strip()

    def child(self, word: str) -> psutil.Process:
        return next(child for child in psutil.Process(self.process.pid).children() if word in child.cmdline())

    def everything(self) -> list[psutil.Process]:
        head = psutil.Process(self.process.pid)
        return [head, *head.children(recursive=True)]


@pytest.fixture
def portal(open_folder: Path) -> Iterator[Portal]:
    portal = Portal(open_folder)
    yield portal
    portal.process.terminate()
    portal.process.wait(60)


def kill_everything(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def test_the_portal_starts_heals_itself_survives_a_kill_of_everything_and_ends(portal: Portal) -> None:
    """One test, because a start is what takes the time."""
    assert f"ready http://127.0.0.1:{portal.port}/" in portal.told
    assert portal.becomes_well()

    assert portal.refusal_of_a_second() == (
        f"error: already running: http://127.0.0.1:{portal.port}/ (process {portal.process.pid})"
    )

    kill_everything([portal.child(word) for word in ("granian", "worker", "beat")])
    assert portal.becomes_well()

    kill_everything(portal.everything())
    portal.process.wait()
    portal.process = portal.start()
    assert portal.becomes_well()

    everything = portal.everything()
    portal.process.send_signal(signal.SIGTERM)
    assert portal.process.wait(60) == 0
    assert [process for process in everything if is_alive(process.pid)] == []
    assert not (portal.folder / "stack.json").exists()
