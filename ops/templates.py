"""Compile every template of ours: an unknown tag or an unclosed block shows before a page is opened."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from ops.bootstrap import ROOT


def main() -> int:
    django.setup()
    problems = [problem for name in sorted(names()) if (problem := problem_of(name))]
    print("\n".join(problems))
    return 1 if problems else 0


def names() -> Iterator[str]:
    for folder in folders():
        for path in folder.rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                yield str(path.relative_to(folder))


def folders() -> list[Path]:
    of_apps = (Path(app.path) / "templates" for app in apps.get_app_configs())
    every = [*(Path(str(folder)) for engine in settings.TEMPLATES for folder in engine["DIRS"]), *of_apps]
    return [folder for folder in every if folder.is_relative_to(ROOT) and ".venv" not in folder.parts]


def problem_of(name: str) -> str | None:
    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist, UnicodeDecodeError) as error:
        return f"{name}: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
