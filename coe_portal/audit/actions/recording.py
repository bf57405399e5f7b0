from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from coe_portal.audit.models import AuditEntry
from coe_portal.people.models import User


def record(
    *, by: User | None, verb: str, on: Model, summary: str = "", details: Mapping[str, Any] | None = None
) -> AuditEntry:
    """`by` is None when a job acted by itself. Summary and details are figures and ids, never the text of a person.

    What people typed may have to be removed and names may have to be forgotten; an entry never is.
    """
    entry = _entry(by, verb, on, summary, details)
    entry.save()
    return entry


def record_many(
    *, by: User | None, verb: str, on: Sequence[Model], details: Sequence[Mapping[str, Any]] | None = None
) -> None:
    """The same act on many objects: one entry each, written together."""
    each = details or [{}] * len(on)
    AuditEntry.objects.bulk_create(
        [_entry(by, verb, one, "", about) for one, about in zip(on, each, strict=True)], batch_size=1_000
    )


def _entry(by: User | None, verb: str, on: Model, summary: str, details: Mapping[str, Any] | None) -> AuditEntry:
    return AuditEntry(
        actor=by,
        verb=verb,
        kind=on._meta.label_lower,
        object_id=on.pk,
        summary=_clean(summary or f"{verb} {on._meta.model_name} {on.pk}")[:300],
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
