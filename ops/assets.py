"""The front end: packages from npm's lock file, bundled by static/build.mjs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ops.bootstrap import ROOT, digest, say
from ops.errors import OpsError

PACKAGES = ROOT / "node_modules"
SOURCES = ROOT / "static" / "src"
BUILDER = ROOT / "static" / "build.mjs"
BUILT = ROOT / "static" / "build"


def prepare() -> None:
    """Nothing, when nothing changed since the last time."""
    install(ROOT)
    if BUILDER.exists():
        build()


def install(folder: Path) -> None:
    """`npm ci` in a folder with a lock file, without running anything that packages bring along."""
    wanted = digest([folder / "package.json", folder / "package-lock.json"])
    stamp = folder / "node_modules" / ".stamp"
    if not stamp.exists() or stamp.read_text() != wanted:
        say("installing front-end packages")
        quietly = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
        node("npm", "ci", "--ignore-scripts", *quietly, folder=folder)
        stamp.write_text(wanted)


def build() -> None:
    sources = sorted(path for path in SOURCES.rglob("*") if path.is_file())
    names = "\n".join(str(path.relative_to(ROOT)) for path in sources)
    wanted = digest([*sources, BUILDER, ROOT / "package-lock.json"]) + names
    stamp = BUILT / ".stamp"
    if not stamp.exists() or stamp.read_text() != wanted:
        say("building the front end")
        stamp.unlink(missing_ok=True)
        node("node", str(BUILDER), folder=ROOT)
        stamp.write_text(wanted)


def node(*command: str, folder: Path) -> None:
    """With the Node.js of the environment, which comes first in the PATH."""
    if subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False).returncode:
        raise OpsError(f"{' '.join(command)} failed: see above")
