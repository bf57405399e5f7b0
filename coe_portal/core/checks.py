"""What production refuses to start with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Error, Tags, register
from django.db import connection

from coe_portal.core.crypto import key_problems
from coe_portal.core.database_roles import append_only_tables, may_rewrite


def _in_production() -> bool:
    return settings.SETTINGS_MODULE == "coe_portal.settings.prod"


@register(Tags.security)
def refuse_demo_in_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not _in_production():
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("Production runs with DEBUG on.", hint="Unset DEBUG.", id="coe.E001"))
    if settings.DEMO or apps.is_installed("coe_portal.demo"):
        found.append(Error("Production has the demo organisation installed.", hint="Unset DEMO.", id="coe.E002"))
    if settings.SECRET_KEY.startswith("demo-") or len(settings.SECRET_KEY) < 50:
        found.append(
            Error(
                "SECRET_KEY is the demo's or too short.",
                hint="Set SECRET_KEY to 50 or more random characters.",
                id="coe.E003",
            )
        )
    return found


@register()
def require_services(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.REDIS_URL:
        return []
    return [
        Error(
            "REDIS_URL is not set.",
            hint="Start through bin/run, bin/manage or bin/test, or point REDIS_URL at a Redis or Valkey server.",
            id="coe.E004",
        )
    ]


@register(Tags.security)
def require_field_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"FIELD_KEYS: {problem}", hint="Make a key with `manage.py new_field_key`.", id="coe.E005")
        for problem in key_problems(settings.FIELD_KEYS, production=_in_production())
    ]


@register(Tags.translation)
def require_compiled_catalogues(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    sources = [path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")]
    return [
        CheckMessage(
            WARNING,
            f"{source} is not compiled: the portal speaks English alone.",
            hint="Run `manage.py compilemessages`.",
            id="coe.W006",
        )
        for source in sources
        if not source.with_suffix(".mo").exists()
    ]


@register(Tags.database)
def require_two_roles(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """With `check --database default`; before the first migration there is nothing to ask about."""
    there = databases and _in_production() and set(append_only_tables()) <= set(connection.introspection.table_names())
    if not there:
        return []
    if connection.settings_dict["USER"] != settings.DATABASE_ROLE or not may_rewrite():
        return []  # migrations are the owner's
    hint = "Set DATABASE_OWNER_URL to the owner and DATABASE_URL to another role: see docs/operations.md."
    return [
        CheckMessage(
            WARNING, "The portal's role in the database can rewrite the audit trail.", hint=hint, id="coe.W007"
        )
    ]
