"""What production refuses to start with."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from coe_portal.core.crypto import key_problems


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
