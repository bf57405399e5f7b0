"""The files of exports: no address leads to them, and they are encrypted as they lie."""

from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet
from django.conf import settings

from coe_portal.core.crypto import decrypt, encrypt
from coe_portal.personal import Rows
from coe_portal.privacy.models import DataExport

State = DataExport.State


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"


def name_for_one() -> str:
    """The name to find a file by, which holds its key; the row with the name is all that can open it."""
    return f"{uuid4().hex}:{encrypt(Fernet.generate_key().decode())}"


def write(file: str, content: bytes) -> None:
    name, _, key = file.partition(":")
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / name).write_bytes(Fernet(decrypt(key)).encrypt(content))


def read(file: str) -> bytes | None:
    name, _, key = file.partition(":")
    try:
        content = (folder() / name).read_bytes()
    except FileNotFoundError:
        return None
    return Fernet(decrypt(key)).decrypt(content)


def drop(file: str) -> None:
    name = file.partition(":")[0]
    if name:
        (folder() / name).unlink(missing_ok=True)


def drop_files(exports: Rows) -> int:
    """What has not been fetched is said to be deleted; what has stays fetched."""
    found = list(exports)
    for export in found:
        drop(export.file)
    ids = [export.pk for export in found]
    DataExport.objects.filter(pk__in=ids, state=State.READY).update(state=State.GONE)
    return DataExport.objects.filter(pk__in=ids).update(file="", size=0)
