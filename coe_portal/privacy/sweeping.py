"""Replace words in every text of every table, whatever app it belongs to.

The one place that knows no app and needs none: a table that is added tomorrow is swept, too. What the database protects
from changes is left to its app. The trail is left out, since it may not be changed and holds figures and ids alone.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Model, Q
from django.db.models.functions import Cast
from django.utils.text import slugify
from psycopg2 import sql

from coe_portal.contributions import contributions
from coe_portal.personal import Removal
from coe_portal.privacy.patterns import pattern_of, slug_pattern_of

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 2_000
LEFT_ALONE = {
    "sessions.session", "contenttypes.contenttype", "auth.permission", "auth.group", "privacy.purge",
    "privacy.sealedname", "privacy.dataexport", "search.searchword",
}  # fmt: skip
Redact = Callable[[Removal], Mapping[str, int]]


@dataclass
class Swept:
    """Rows changed per model, and models whose own rules forbade it."""

    found: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    name: str
    kind: str  # text, slug, json or array
    longest: int | None
    is_unique: bool


def columns_of(model: type[Model]) -> list[Column]:
    unique = {name for one in model._meta.total_unique_constraints for name in one.fields}
    found = []
    for each in model._meta.concrete_fields:
        if each.generated or each.choices or each.primary_key:
            continue
        kind = _kind(each)
        if kind:
            found.append(Column(str(each.column), kind, each.max_length, each.unique or each.name in unique))
    return found


def _kind(each: "models.Field[object, object]") -> str:
    if isinstance(each, models.JSONField):
        return "json"
    if isinstance(each, models.SlugField):
        return "slug"
    if isinstance(each, models.CharField | models.TextField | models.FileField):
        return "text"
    if isinstance(each, ArrayField) and isinstance(each.base_field, models.CharField | models.TextField):
        return "array"
    return ""


def models_to_sweep(*, but: Sequence[type[Model]] = ()) -> Iterator[type[Model]]:
    for model in apps.get_models():
        label = model._meta.label_lower
        if label.startswith("django_celery_beat") or label in LEFT_ALONE or getattr(model, "append_only", False):
            continue
        if model._meta.managed and not model._meta.proxy and model not in but:
            yield model


def sweep(removal: Removal, *, but: Sequence[type[Model]] = ()) -> Swept:
    """Upper and lower case alike, however the words are spaced, also as they stand in HTML, JSON and addresses.

    First the apps that know more than this module about some of their tables, then every table.
    """
    swept = Swept()
    if not removal.pattern:
        return swept
    for one in contributions():
        if one.personal.redact:
            _redact(one.app, one.personal.redact, removal, swept)
    for model in models_to_sweep(but=but):
        for column in columns_of(model):
            _sweep_column(model, column, removal, swept)
    return swept


def _redact(app: str, redact: Redact, removal: Removal, swept: Swept) -> None:
    try:
        with transaction.atomic():
            found = redact(removal)
    except Exception as error:  # noqa: BLE001 - what one app cannot remove must not keep the others from removing it
        log.error("Words could not be removed by %s: %s", app, type(error).__name__)  # noqa: TRY400 - as below
        swept.failed.append(app)
        return
    for label, number in found.items():
        swept.found[label] = swept.found.get(label, 0) + number


def count(words: Sequence[str]) -> dict[str, int]:
    """Per model, in how many rows a sweep would find the words."""
    removal, found = removal_of(words, ""), {}
    for model in models_to_sweep() if removal.pattern else ():
        columns = columns_of(model)
        if not columns:
            continue
        matches = sql.SQL(" OR ").join(sql.SQL("{}::text ~* %s").format(sql.Identifier(each.name)) for each in columns)
        statement = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(sql.Identifier(model._meta.db_table), matches)
        with connection.cursor() as cursor:
            cursor.execute(statement, [_pattern_for(each, removal) for each in columns])
            number = cursor.fetchone()[0]
        if number:
            found[model._meta.label_lower] = number
    return found


def stands_in(rows: models.QuerySet[Any], removal: Removal) -> bool:
    """Whether the words stand in any text of these rows."""
    columns = columns_of(rows.model)
    names = {str(each.column): each.name for each in rows.model._meta.concrete_fields}
    said = Q(pk__in=[])
    for each in columns:
        rows = rows.annotate(**{f"said_{each.name}": Cast(names[each.name], models.TextField())})
        said |= Q(**{f"said_{each.name}__iregex": _pattern_for(each, removal)})
    return bool(columns) and rows.filter(said).exists()


def removal_of(
    words: Sequence[str], instead: str, *, purge_id: int | None = None, erasure_id: int | None = None
) -> Removal:
    return Removal(words, pattern_of(words), slug_pattern_of(words), instead, purge_id, erasure_id)


def _pattern_for(column: Column, removal: Removal) -> str:
    return removal.slug_pattern if column.kind == "slug" else removal.pattern


def _sweep_column(model: type[Model], column: Column, removal: Removal, swept: Swept) -> None:
    label = model._meta.label_lower
    try:
        with transaction.atomic():
            number = _rewrite(model, column, removal)
    except DatabaseError as error:
        # Without the traceback: it would hold the words.
        log.error(  # noqa: TRY400
            "Words could not be removed from %s.%s: %s", label, column.name, type(error).__name__
        )
        swept.failed.append(f"{label}.{column.name}")
        return
    if number:
        swept.found[label] = swept.found.get(label, 0) + number


def _rewrite(model: type[Model], column: Column, removal: Removal) -> int:
    """The database finds the rows; what becomes of a text is worked out here, where JSON stays JSON."""
    number, after, pattern = 0, None, _pattern_for(column, removal)
    read, write = _statements(model, column)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(read, [pattern, after, after])
            rows = cursor.fetchall()
            changed = [(new, key) for key, old in rows if (new := _without(old, key, column, removal)) != old]
            cursor.executemany(write, changed)
        number += len(changed)
        if len(rows) < ROWS_AT_ONCE:
            return number
        after = rows[-1][0]


def _without(old: str | list[str], key: object, column: Column, removal: Removal) -> str | list[str]:
    if isinstance(old, list):
        return [removal.replace(each) for each in old]
    if column.kind == "json":
        return json.dumps(_without_in_json(json.loads(old), removal), ensure_ascii=False)
    if column.kind == "slug":
        new = re.sub(removal.slug_pattern, slugify(removal.instead), old, flags=re.IGNORECASE)
    else:
        new = removal.replace(old)
    if column.is_unique and new != old:
        new = f"{new}{'-' if column.kind == 'slug' else ' '}{key}"
    return new[: column.longest]


def _without_in_json(value: Any, removal: Removal) -> Any:
    """Only texts: a number of the same digits is another number."""
    if isinstance(value, str):
        return removal.replace(value)
    if isinstance(value, dict):
        return {removal.replace(name): _without_in_json(each, removal) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_in_json(each, removal) for each in value]
    return value


def _key_of(model: type[Model]) -> sql.Composable:
    """One column, or several as the text of them all."""
    parts = [sql.Identifier(str(each.column)) for each in model._meta.pk_fields]
    return parts[0] if len(parts) == 1 else sql.SQL("ROW({})::text").format(sql.SQL(", ").join(parts))


def _statements(model: type[Model], column: Column) -> tuple[sql.Composed, sql.Composed]:
    names = {
        "table": sql.Identifier(model._meta.db_table),
        "column": sql.Identifier(column.name),
        "key": _key_of(model),
    }
    shown, kept = {"json": ("{column}::text", "%s::jsonb"), "array": ("{column}::text[]", "%s::text[]")}.get(
        column.kind, ("{column}", "%s")
    )
    read = (
        f"SELECT {{key}}, {shown} FROM {{table}} WHERE {{column}}::text ~* %s AND (%s IS NULL OR {{key}} > %s)"  # noqa: S608
        f" ORDER BY {{key}} LIMIT {ROWS_AT_ONCE} FOR UPDATE"
    )
    write = f"UPDATE {{table}} SET {{column}} = {kept} WHERE {{key}} = %s"  # noqa: S608
    return sql.SQL(read).format(**names), sql.SQL(write).format(**names)
