"""bin/lock: the pinned, hashed requirement files from their sources."""

from __future__ import annotations

import subprocess
import sys

from ops.bootstrap import ROOT, say

TARGETS = {
    "requirements/bootstrap.in": "requirements/bootstrap.txt",
    "requirements/base.in": "requirements.txt",
    "requirements/embedded.in": "requirements-embedded.txt",
    "requirements/dev.in": "requirements-dev.txt",
}
# One file for every platform and Python, and nothing in it about the machine that made it.
OPTIONS = (
    "--quiet",
    "--universal",
    *("--python-version", "3.11"),
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    *("--custom-compile-command", "bin/lock"),
)


def main(arguments: list[str]) -> int:
    for source, target in TARGETS.items():
        say(target)
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *arguments, source, "--output-file", target]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0
