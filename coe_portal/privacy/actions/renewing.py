"""Put every stored secret under the newest of FIELD_KEYS, so that the older ones can be thrown away."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from coe_portal.contributions import contributions
from coe_portal.core.crypto import renewed
from coe_portal.personal import SECRET, model_of, rows_of

# What `encrypt` makes: version 128 and a time of this century, in base64.
TOKEN = re.compile(r"gAAAA[\w-]{90,}={0,2}")
AT_ONCE = 500


@dataclass(frozen=True)
class Renewal:
    renewed: int
    # Rows with a secret that none of the keys opens.
    lost: tuple[str, ...]


def renew() -> Renewal:
    """Row by row, while the portal runs: a row that changes meanwhile is left to the next run. Twice does no harm."""
    done, lost = 0, []
    for label, name in sorted(secret_columns()):
        for pk, before in _rows(label, name):
            try:
                after = _renewed(before)
            except ValueError:
                lost.append(f"{label} {pk}")
                continue
            if after != before:
                done += rows_of(label).filter(pk=pk, **{name: before}).update(**{name: after})
    return Renewal(done, tuple(lost))


def secret_columns() -> Iterator[tuple[str, str]]:
    """Model and column, from the lists in which every app decides on every column that can hold a text."""
    for contribution in contributions():
        for label, columns in contribution.personal.texts.items():
            for name in columns.never.get(SECRET, "").split():
                yield label, name


def _rows(label: str, name: str) -> Iterator[tuple[Any, Any]]:
    """Read in steps by key: a connection through a pooler has no cursor that lasts."""
    last, is_json = None, model_of(label)._meta.get_field(name).get_internal_type() == "JSONField"
    while True:
        found = rows_of(label).order_by("pk") if last is None else rows_of(label).order_by("pk").filter(pk__gt=last)
        holds = Q() if is_json else Q(**{f"{name}__contains": "gAAAA"})
        rows = list(found.filter(holds).values_list("pk", name)[:AT_ONCE])
        yield from rows
        if len(rows) < AT_ONCE:
            return
        last = rows[-1][0]


def _renewed(value: Any) -> Any:
    if isinstance(value, str):
        return TOKEN.sub(lambda found: renewed(found[0]), value)
    if isinstance(value, dict):
        return {name: _renewed(each) for name, each in value.items()}
    return [_renewed(each) for each in value] if isinstance(value, list) else value
