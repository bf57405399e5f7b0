"""What base.html shows on every page."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject

from coe_portal.contributions import Text, nav_items
from coe_portal.notifications.queries import unread_count
from coe_portal.people.models import User


@dataclass(frozen=True)
class NavLink:
    label: Text
    url: str
    icon: str
    active: bool


@dataclass(frozen=True)
class Shell:
    nav: list[NavLink]
    unread: int


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        "shell": SimpleLazyObject(lambda: _shell(request)),
        "organisation_name": settings.ORGANISATION_NAME,
        "demo": settings.DEMO,
        "nobody_here": SimpleLazyObject(lambda: not User.objects.exists()),
    }


def _shell(request: HttpRequest) -> Shell:
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        return Shell(nav=[], unread=0)
    return Shell(nav=_nav(person, request.path), unread=unread_count(person))


@cache
def _address(url_name: str, _script_prefix: str) -> str:
    return reverse(url_name)


def _nav(person: User, path: str) -> list[NavLink]:
    prefix = get_script_prefix()
    links = [(item, _address(item.url_name, prefix)) for item in nav_items(person)]
    current = max(
        (url for _, url in links if path == url or (url != prefix and path.startswith(url))), key=len, default=""
    )
    return [NavLink(item.label, url, item.icon, url == current) for item, url in links]
