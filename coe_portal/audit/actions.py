"""`audit.record` stands beside every write, in the same transaction."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from coe_portal.audit.models import AuditEntry
from coe_portal.people.models import User


def record(
    *, by: User | None, verb: str, on: Model, summary: str = "", details: Mapping[str, Any] | None = None
) -> AuditEntry:
    """`by` is None when a job acted by itself. Details are figures and ids, never the text of a person."""
    return AuditEntry.objects.create(
        actor=by,
        verb=verb,
        kind=on._meta.label_lower,
        object_id=on.pk,
        summary=_clean(summary or f"{verb} {on}")[:300],
        details=_storable(dict(details or {})),
    )


def _clean(text: str) -> str:
    """What PostgreSQL cannot store is left out, so that bad bytes never make an entry vanish."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Mapping):
        return {_clean(str(key)): _storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_storable(each) for each in value]
    return value
