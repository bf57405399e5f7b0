"""The catalogues of translations, compiled when they changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ops.bootstrap import ROOT, digest, say
from ops.errors import OpsError


def prepare(root: Path = ROOT) -> None:
    """Nothing, when nothing changed since the last time."""
    stamp = root / "locale" / ".stamp"
    if not stamp.exists() or stamp.read_text() != state(root):
        say("compiling the translations")
        compiling = [sys.executable, "-m", "coe_portal.core.catalogues", str(root)]
        if subprocess.run(compiling, cwd=ROOT, check=False).returncode:
            raise OpsError("the translations could not be compiled: see above")
        stamp.write_text(state(root))


def state(root: Path) -> str:
    sources = sorted(root.glob("locale/*/LC_MESSAGES/*.po"))
    return digest(sources) + digest(source.with_suffix(".mo") for source in sources)
