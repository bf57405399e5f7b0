from pathlib import Path

import pytest

from ops import translations
from ops.errors import OpsError

TEXT = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Your team"
msgstr "%s"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "locale" / "es" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT % "Su equipo")
    return path


def test_a_catalogue_is_compiled_once_for_each_version(catalogue: Path, tmp_path: Path) -> None:
    compiled = catalogue.with_suffix(".mo")
    translations.prepare(tmp_path)
    first = compiled.stat().st_mtime_ns

    translations.prepare(tmp_path)
    assert compiled.stat().st_mtime_ns == first

    catalogue.write_text(TEXT % "El equipo de usted")
    translations.prepare(tmp_path)
    assert b"El equipo de usted" in compiled.read_bytes()


def test_a_compiled_catalogue_that_is_gone_is_made_again(catalogue: Path, tmp_path: Path) -> None:
    translations.prepare(tmp_path)
    catalogue.with_suffix(".mo").unlink()

    translations.prepare(tmp_path)

    assert b"Su equipo" in catalogue.with_suffix(".mo").read_bytes()


def test_a_catalogue_that_cannot_be_read_is_an_error(catalogue: Path, tmp_path: Path) -> None:
    catalogue.write_text('msgid "unfinished')

    with pytest.raises(OpsError, match="could not be compiled"):
        translations.prepare(tmp_path)
