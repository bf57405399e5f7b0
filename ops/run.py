"""bin/run: the whole portal on one machine, kept up until somebody asks it to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple

from ops import leftovers, processes, sockets, stopping
from ops.bootstrap import ROOT, say
from ops.errors import OpsError, StopRequestedError
from ops.stack import Environment, State, addresses_of, end_together, environment, needed_services, start_services
from ops.supervisor import Kept, keep

ATTEMPTS_OF_A_SERVICE = 5
FEWEST_WEB_WORKERS = 3
MOST_WEB_WORKERS = 8


class Options(NamedTuple):
    empty: bool
    logs: bool


@dataclass(frozen=True)
class Part:
    """One of the portal's own programs."""

    program: processes.Program

    @property
    def name(self) -> str:
        return self.program.name

    def start(self) -> processes.Child:
        return processes.start(self.program)


def run(options: Options) -> None:
    stopping.listen()
    state = State.of("var")
    with state.held():
        say("starting the services")
        services = needed_services(state, fast=False)
        children = start_services(services)
        kept = [Kept(one, child, ATTEMPTS_OF_A_SERVICE) for one, child in zip(services, children, strict=True)]
        try:
            env = environment(state, services, "coe_portal.settings.dev")
            serve(state, {**env, leftovers.MARK: str(state.folder)}, options, kept)
        except StopRequestedError:
            say("ended")
        finally:
            end_together([one.child for one in kept])


def serve(state: State, env: Environment, options: Options, services: list[Kept]) -> None:
    with sockets.reserve_port(chosen_port()) as reservation:
        port: int = reservation.getsockname()[1]
        url = f"http://127.0.0.1:{port}/"
        env = {"PUBLIC_URL": url.rstrip("/"), **env}
        state.write(url=url, **addresses_of(env))
        news = prepare_database(env, empty=options.empty)
        web, *others = parts(state, env, port, logs=options.logs)
        own: list[Kept] = []
        try:
            own.append(Kept(web, started_web(web, port)))
            own.extend(Kept(part, part.start()) for part in others)
            announce(url, news, state, logs=options.logs)
            keep([*services, *own])
        finally:
            end_together([one.child for one in own])


def chosen_port() -> int | None:
    given = os.environ.get("PORT")
    if given and not (given.isdigit() and 0 < int(given) < 65536):
        raise OpsError(f"PORT must be a number from 1 to 65535, not {given}")
    return int(given) if given else None


def prepare_database(env: Environment, *, empty: bool) -> str:
    """Migrations, static files and, on the first start, the demo organisation: one call, for one start of Django.

    Its standard output is for the person once the portal is up; its standard error shows at once.
    """
    say("preparing the database")
    command = [sys.executable, "manage.py", "setup", "--empty" if empty else "--demo"]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            start_new_session=True,
            preexec_fn=processes.ends_with_parent(signal.SIGTERM),
        )
        stopping.wait_for_end(process)
        output.seek(0)
        news = output.read().rstrip()
    if process.returncode:
        raise OpsError(f"the database could not be prepared (manage.py setup ended with status {process.returncode})")
    return news


def parts(state: State, env: Environment, port: int, *, logs: bool) -> list[Part]:
    def part(name: str, *command: str) -> Part:
        log = None if logs else state.folder / "log" / f"{name}.log"
        return Part(processes.Program(name, [sys.executable, "-m", *command], env, ROOT, log))

    celery = ("celery", "-A", "coe_portal")
    return [
        part(
            "web",
            *("granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(port)),
            # One blocking thread a worker: more only add waiting, Python runs one at a time.
            *("--workers", str(web_workers()), "--blocking-threads", "1"),
            *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "10"),
            "coe_portal.wsgi:application",
        ),
        part(
            "worker",
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
        ),
        part("beat", *celery, "beat", "--pidfile=", "--loglevel", "INFO"),
    ]


def web_workers() -> int:
    """One a processor, but at least one more than check passwords at a time (`PASSWORDS_AT_A_TIME`)."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(FEWEST_WEB_WORKERS, min(processors, MOST_WEB_WORKERS))


def started_web(part: Part, port: int) -> processes.Child:
    child = part.start()
    stopping.wait_until(lambda: answers(port), 180, child)
    return child


def answers(port: int) -> bool:
    """Any answer will do: /healthz is not content before the worker and the beat are there."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def announce(url: str, news: str, state: State, *, logs: bool) -> None:
    print(f"ready {url}", flush=True)
    if news:
        print(news, flush=True)
    if not logs:
        say(f"logs and sent mail are in {state.folder / 'log'}")
    say("Ctrl-C ends everything")
