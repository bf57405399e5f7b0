"""The browser of the tests: Chromium from npm's registry, unpacked on first use, with its own fonts and libraries."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from ops.assets import install
from ops.bootstrap import ROOT, locked, say
from ops.errors import OpsError

PACKAGE = ROOT / "tests" / "browser"
# Inside node_modules, which `npm ci` empties: another version of the package is unpacked again.
UNPACKED = PACKAGE / "node_modules" / ".chromium"
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/font-cache</cachedir></fontconfig>
"""


def launch_options() -> dict[str, Any]:
    """What Playwright needs to start the browser; CHROMIUM names another one."""
    if other := os.environ.get("CHROMIUM"):
        return {"executable_path": other, "args": arguments()}
    libraries = UNPACKED / "al2023" / "lib"
    env = {**os.environ, "LD_LIBRARY_PATH": str(libraries), "FONTCONFIG_PATH": str(UNPACKED)}
    return {"executable_path": str(executable()), "args": arguments(), "env": env}


def arguments() -> list[str]:
    without_sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to be root's otherwise
    return [*without_sandbox, "--disable-gpu", "--font-render-hinting=none"]


def executable() -> Path:
    with locked(ROOT / "var" / "chromium.lock"):
        install(PACKAGE)
        if not UNPACKED.exists():
            unpack()
    return UNPACKED / "chromium"


def unpack() -> None:
    say("unpacking the browser for tests")
    unfinished = UNPACKED.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    env = {**os.environ, "TMPDIR": str(unfinished)}
    if subprocess.run(["node", "unpack.mjs"], cwd=PACKAGE, env=env, check=False).returncode:
        raise OpsError("the browser for tests could not be unpacked: see above")
    (unfinished / "fonts.conf").write_text(FONTS.format(folder=UNPACKED))
    unfinished.rename(UNPACKED)
