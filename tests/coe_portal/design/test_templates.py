"""Rules that every template of the portal keeps, whoever wrote it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from coe_portal.contributions import contributions

FOLDERS = ["templates", "coe_portal", "policies", "training", "feedback", "metrics"]
ICON_IN_TEMPLATE = re.compile(r"""(?:\{% icon |(?<=\s)icon=|<c-icon name=)["']([a-z-]+)["']""")
INLINE_STYLE = re.compile(r"""\sstyle\s*=|<style\b""", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"""\son[a-z]+\s*=\s*["']""", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"""<script(?![^>]*\bsrc=)(?![^>]*type="application/json")""", re.IGNORECASE)


def templates() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (settings.BASE_DIR / folder).rglob("templates/**/*.html")
    pages = (settings.BASE_DIR / "templates").rglob("*.html")  # and mail, where no such policy holds
    yield from (path for path in pages if path.name != "mail.html")


def breaking(rule: re.Pattern[str]) -> list[str]:
    return sorted(
        {path.relative_to(settings.BASE_DIR).as_posix() for path in templates() if rule.search(path.read_text())}
    )


def icon_names() -> set[str]:
    return set(json.loads((settings.BASE_DIR / "static/src/icons.json").read_text()))


@pytest.mark.parametrize("rule", [INLINE_STYLE, INLINE_HANDLER, INLINE_SCRIPT], ids=["style", "handler", "script"])
def test_nothing_is_inline_since_the_content_security_policy_refuses_it(rule: re.Pattern[str]):
    assert breaking(rule) == []


def test_every_icon_named_in_a_template_is_in_the_sprite():
    used = {name for path in templates() for name in ICON_IN_TEMPLATE.findall(path.read_text())}

    assert used - icon_names() == set()


def test_every_icon_of_the_navigation_is_in_the_sprite():
    used = {item.icon for each in contributions() for item in each.nav}

    assert used - icon_names() == set()


def test_every_component_is_shown_on_the_style_guide():
    components = {path.stem.replace("_", "-") for path in (settings.BASE_DIR / "templates/cotton").glob("*.html")}
    shown = "".join(path.read_text() for path in (settings.BASE_DIR / "templates/design").glob("*.html"))

    assert {name for name in components if not re.search(rf"<c-{name}[\s/>]", shown)} == set()


def test_every_component_is_described():
    components = {path.stem.replace("_", "-") for path in (settings.BASE_DIR / "templates/cotton").glob("*.html")}
    described = (settings.BASE_DIR / "docs/design-system.md").read_text()

    assert {name for name in components if not re.search(rf"<c-{name}[\s/>]", described)} == set()


def test_a_form_that_says_what_is_wrong_by_itself_does_not_say_it_twice():
    def twice(page: str) -> bool:
        return any(re.search(rf"{{{{ {form} }}}}", page) for form in re.findall(r'<c-errors :form="(\w+)"', page))

    assert [path.name for path in templates() if twice(path.read_text())] == []
