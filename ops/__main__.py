"""The commands in bin/, once the environment is there."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec

from ops import assets, check, locking, translations
from ops.bootstrap import ROOT
from ops.errors import OpsError, StopRequestedError
from ops.run import Options, run
from ops.stack import State, run_beside, run_command

PARALLEL_FROM_CORES = 2
MOST_TEST_WORKERS = 4


def run_portal(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("bin/run", description="Start the whole portal; PORT chooses the port.")
    parser.add_argument("--empty", action="store_true", help="no demo organisation on the first start")
    parser.add_argument("--logs", action="store_true", help="logs to this terminal instead of var/log/")
    options = parser.parse_args(arguments)
    assets.prepare()
    translations.prepare()
    run(Options(empty=options.empty, logs=options.logs))
    return 0


def run_tests(arguments: list[str]) -> int:
    assets.prepare()
    translations.prepare()
    everything = not any(argument for argument in arguments if not argument.startswith("-"))
    cores = str(min(os.cpu_count() or 1, MOST_TEST_WORKERS))
    spread = ["-n", cores, "--dist", "loadgroup"] if everything else []
    # Playwright brings a Node.js of its own, which lacks a library on a bare system.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", shutil.which("node") or "")
    command = [sys.executable, "-m", "pytest", *spread, *arguments]
    return run_command(command, State.of("var/test"), "coe_portal.settings.test", fast=True, patient=True)


def run_django_command(arguments: list[str]) -> int:
    translations.prepare()
    command = [sys.executable, "manage.py", *arguments]
    return run_beside(command, State.of("var"), "coe_portal.settings.dev")


def run_benchmark(arguments: list[str]) -> int:
    if find_spec("bench") is None:
        raise OpsError("there is no folder bench/ with measurements")
    assets.prepare()
    translations.prepare()
    command = [sys.executable, "-m", "bench", *arguments]
    return run_command(command, State.of("var/bench"), "coe_portal.settings.dev", fast=False, patient=False)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run_portal,
    "test": run_tests,
    "check": check.main,
    "manage": run_django_command,
    "bench": run_benchmark,
    "lock": locking.main,
}


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except StopRequestedError:
        return 130
    except OpsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
