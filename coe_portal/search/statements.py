"""SQL of our own; every value is a parameter."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def fetched(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
