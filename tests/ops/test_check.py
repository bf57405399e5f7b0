import sys
from pathlib import Path

import pytest
from django.test import override_settings

from ops import templates
from ops.check import Part, outcome_of, parts, production, report


def test_a_part_that_fails_shows_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = report(outcome_of(Part("toy", [sys.executable, "-c", "print('reason'); raise SystemExit(1)"])))

    told = capsys.readouterr().out
    assert outcome.status == 1
    assert told.startswith("FAILED")
    assert told.endswith("  toy\nreason\n")


def test_a_part_that_passes_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    report(outcome_of(Part("toy", [sys.executable, "-c", "print('chatter')"])))

    assert capsys.readouterr().out.count("\n") == 1


def test_every_part_has_a_name_of_its_own() -> None:
    names = [part.name for part in parts()]

    assert len(set(names)) == len(names)


def test_secrets_for_the_deployment_check_are_new_each_time() -> None:
    assert production()["SECRET_KEY"] != production()["SECRET_KEY"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{% if person %}hello", "Unclosed tag"),
        ("{% no_such_tag %}", "Invalid block tag"),
        ("{{ person|no_such_filter }}", "Invalid filter"),
        ("<c-no-such-component />", None),
        ("{{ person }}", None),
    ],
)
def test_a_template_that_does_not_compile_is_named(tmp_path: Path, text: str, problem: str | None) -> None:
    (tmp_path / "broken.html").write_text(text)
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}

    with override_settings(TEMPLATES=[engine]):
        found = templates.problem_of("broken.html")

    assert (found is None) == (problem is None)
    assert found is None or (found.startswith("broken.html: ") and problem in found)


def test_our_templates_are_found_and_those_of_packages_are_not() -> None:
    folders = templates.folders()

    assert templates.ROOT / "templates" in folders
    assert not [folder for folder in folders if "site-packages" in folder.parts]
