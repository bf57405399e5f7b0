"""Long lists page by key: `?before=` the last row seen, never by offset."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.db.models import Field, Model, Q, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    older_url: str
    newest_url: str


def page_by_key(
    request: HttpRequest, rows: "QuerySet[Row]", *, by: str, size: int = 30, ascending: bool = False
) -> Page[Row]:
    """Newest first by the column `by`, ties broken by id; `before` is "value~id" of the last row shown.

    `ascending` turns the order round, for lists by name.
    """
    value, _, last_id = request.GET.get("before", "").rpartition("~")
    found = rows.order_by(by, "pk") if ascending else rows.order_by(f"-{by}", "-pk")
    if value and last_id.isdecimal() and len(last_id) < 19:
        found = _beyond(found, by, value, int(last_id), "gt" if ascending else "lt")
    shown = list(found[: size + 1])
    more = len(shown) > size
    shown = shown[:size]
    return Page(
        rows=shown,
        older_url=_url(request, f"{_plain(getattr(shown[-1], by))}~{shown[-1].pk}") if more else "",
        newest_url=_url(request, "") if value else "",
    )


def _beyond(rows: "QuerySet[Row]", by: str, value: str, last_id: int, side: str) -> "QuerySet[Row]":
    try:
        field = cast("Field[Any, Any]", rows.model._meta.get_field(by))
        parsed = field.to_python(value)
    except Exception:  # noqa: BLE001 - a hand-written address shows the first page
        return rows
    # The first says no more than the second, but it alone lets an index begin where the page does.
    beyond = Q(**{f"{by}__{side}": parsed}) | Q(**{by: parsed, f"pk__{side}": last_id})
    return rows.filter(Q(**{f"{by}__{side}e": parsed}) & beyond)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _url(request: HttpRequest, before: str) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    if before:
        query["before"] = before
    return f"{request.path}?{query.urlencode()}" if query else request.path
