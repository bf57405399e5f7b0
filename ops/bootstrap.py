"""From a bare Python to `python -m ops COMMAND` inside an environment that has every package.

Standard library only, because it runs before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / ".stamp"
OLDEST_PYTHON = (3, 11)
KNOWN_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
INSTALLER = "requirements/bootstrap.txt"
RUN_SET = ("requirements.txt", "requirements-embedded.txt")
DEVELOPMENT_SET = (*RUN_SET, "requirements-dev.txt")
COMMANDS_OF_THE_RUN_SET = ("run", "manage")


def main(arguments: list[str]) -> None:
    """Install what the command needs and become it."""
    # Compiled code that is kept makes the next start quick, and here it is kept where nobody looks.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if sys.version_info < OLDEST_PYTHON:
        become_newer_python()
    with locked(ROOT / "var" / "setup.lock"):
        prepare(RUN_SET if arguments[0] in COMMANDS_OF_THE_RUN_SET else DEVELOPMENT_SET)
    os.environ["PATH"] = os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", os.defpath)])
    os.execv(PYTHON, [str(PYTHON), "-m", "ops", *arguments])


def prepare(wanted: tuple[str, ...]) -> None:
    if not works():
        create()
    if not holds(wanted) and not holds(DEVELOPMENT_SET):
        had_development_set = (ENVIRONMENT / "bin" / "pytest").exists()
        install(DEVELOPMENT_SET if had_development_set else wanted)


def works() -> bool:
    """Not when it was moved here, nor when the system's Python was replaced by another minor version under it."""
    asking = "import sys; print(sys.prefix); print('python%d.%d' % sys.version_info[:2])"
    if Path(sys.prefix) == ENVIRONMENT:
        prefix, version = sys.prefix, "python{}.{}".format(*sys.version_info[:2])
    elif os.access(PYTHON, os.X_OK):
        told = subprocess.run([PYTHON, "-Ic", asking], capture_output=True, text=True, check=False)
        prefix, version = told.stdout.split() if told.returncode == 0 else ("", "")
    else:
        return False
    return Path(prefix) == ENVIRONMENT and (ENVIRONMENT / "lib" / version).is_dir()


def create() -> None:
    say("making .venv")
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    base = getattr(sys, "_base_executable", sys.executable)
    made = subprocess.run([base, "-m", "venv", str(ENVIRONMENT)], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        stop(
            f"{made.stdout}{made.stderr}\n"
            "Python cannot make virtual environments here. On Debian and Ubuntu: apt-get install python3-venv"
        )


def holds(wanted: tuple[str, ...]) -> bool:
    return STAMP.exists() and STAMP.read_text() == state(wanted)


def state(wanted: tuple[str, ...]) -> str:
    # The folder is part of it: a virtual environment that was moved or copied does not work.
    return f"{' '.join(wanted)} {digest([ROOT / name for name in (INSTALLER, *wanted)])} {ENVIRONMENT}"


def install(wanted: tuple[str, ...]) -> None:
    say("installing packages")
    STAMP.unlink(missing_ok=True)
    if not (install_with_uv(wanted) or install_with_pip(wanted)):
        stop("the packages could not be installed: see above")
    STAMP.write_text(state(wanted))


def install_with_uv(wanted: tuple[str, ...]) -> bool:
    """uv takes seconds, but knows nothing of pip's configuration (a mirror, a proxy): pip is next then."""
    uv = (PYTHON, "-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON)
    return pip_installs([INSTALLER]) and succeeds([*uv, INSTALLER, *wanted], quietly=True)


def install_with_pip(wanted: tuple[str, ...]) -> bool:
    return pip_installs(wanted)


def pip_installs(files: Sequence[str]) -> bool:
    named = [part for name in files for part in ("-r", name)]
    return succeeds([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", *named])


def become_newer_python() -> None:
    for name in KNOWN_PYTHONS:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, *sys.argv])
    stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]} ({sys.executable})")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One set-up at a time in a checkout; the others wait and then find it done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except PermissionError:
        stop(f"{path.parent} cannot be written to: run as the user it belongs to")
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of files; one that is missing counts as such."""
    whole = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b"missing"
        whole.update(f"{path.name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()


def succeeds(command: Sequence[Path | str], *, quietly: bool = False) -> bool:
    hidden = subprocess.DEVNULL if quietly else None
    return subprocess.run(command, cwd=ROOT, stderr=hidden, check=False).returncode == 0


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    sys.exit(f"error: {text}")


if __name__ == "__main__":
    main(sys.argv[1:])
