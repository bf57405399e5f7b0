"""bin/check: everything that can be said about the code without running the portal."""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from ops import assets, translations
from ops.bootstrap import ROOT

PYTHON = (sys.executable, "-m")
MANAGE = (sys.executable, "manage.py")
LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))
# Checks read settings but reach no service; addresses that lead nowhere prove it.
NOWHERE = {"DATABASE_URL": "postgres://nobody@%2Fnowhere/nothing", "REDIS_URL": "unix:///nowhere/valkey.sock"}


class Part(NamedTuple):
    name: str
    command: Sequence[str]
    env: Mapping[str, str] = {}


class Outcome(NamedTuple):
    part: Part
    seconds: float
    status: int
    output: str


def parts() -> list[Part]:
    """The longest first, so that the last ones to run are short."""
    test = {"DJANGO_SETTINGS_MODULE": "coe_portal.settings.test"}
    return [
        Part("types", [*PYTHON, "mypy"]),
        Part("templates are formatted", [*PYTHON, "djlint", "--check", "--quiet", "."]),
        Part("templates are sound", [*PYTHON, "djlint", "--lint", "--quiet", "."]),
        Part("imports keep to the architecture", [LINT_IMPORTS]),
        Part("deployment settings", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], production()),
        Part("templates compile", [*PYTHON, "ops.templates"], test),
        Part("migrations are complete", [*MANAGE, "makemigrations", "--check", "--dry-run"], test),
        Part("code is sound", [*PYTHON, "ruff", "check"]),
        Part("code is formatted", [*PYTHON, "ruff", "format", "--check"]),
    ]


def fixes() -> list[Part]:
    return [
        Part("mending code", [*PYTHON, "ruff", "check", "--fix-only"]),
        Part("formatting code", [*PYTHON, "ruff", "format"]),
        Part("formatting templates", [*PYTHON, "djlint", "--reformat", "--quiet", "."]),
    ]


def production() -> dict[str, str]:
    """As an administrator would set it; the secrets are made up for this one check."""
    return {
        "DJANGO_SETTINGS_MODULE": "coe_portal.settings.prod",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "portal.example.org",
        "PUBLIC_URL": "https://portal.example.org",
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("bin/check", description="Check the code; --fix formats and mends first.")
    parser.add_argument("--fix", action="store_true")
    if parser.parse_args(arguments).fix:
        for part in fixes():
            outcome_of(part)  # a status that is not 0 says that something was mended, or is left for the checks to tell
    assets.prepare()
    translations.prepare()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = [report(done.result()) for done in as_completed(pool.submit(outcome_of, part) for part in parts())]
    return 1 if any(outcome.status for outcome in outcomes) else 0


def outcome_of(part: Part) -> Outcome:
    begun = time.monotonic()
    done = subprocess.run(
        part.command,
        cwd=ROOT,
        env={**os.environ, **NOWHERE, **part.env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(part, time.monotonic() - begun, done.returncode, done.stdout)


def report(outcome: Outcome) -> Outcome:
    print(f"{'FAILED' if outcome.status else 'ok':<7}{outcome.seconds:5.1f} s  {outcome.part.name}", flush=True)
    if outcome.status:
        print(outcome.output.rstrip(), flush=True)
    return outcome
