"""What a reader chose about the look of the portal; kept in cookies, so that signed-out pages follow too."""

from dataclasses import dataclass
from typing import Literal, get_args

from django.http import HttpRequest, HttpResponse

Theme = Literal["system", "light", "dark"]
YEAR = 60 * 60 * 24 * 365


@dataclass(frozen=True)
class Appearance:
    theme: Theme = "system"
    shortcuts: bool = True


def chosen_appearance(request: HttpRequest) -> Appearance:
    theme = request.COOKIES.get("theme", "system")
    return Appearance(
        theme=as_theme(theme) or "system",
        shortcuts=request.COOKIES.get("shortcuts") != "off",
    )


def as_theme(value: str) -> Theme | None:
    return next((theme for theme in get_args(Theme) if theme == value), None)


def remember(response: HttpResponse, name: str, value: str, *, secure: bool) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=secure)
