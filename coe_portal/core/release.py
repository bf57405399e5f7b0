"""Which code this is, for whatever must not outlive it."""

from hashlib import sha256
from pathlib import Path

SOURCES = ("coe_portal", "policies", "training", "feedback", "metrics", "templates", "locale")


def digest_of_code(root: Path) -> str:
    """Ten characters that change with any module, template or translation."""
    digest = sha256()
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".po"}:
                digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]
