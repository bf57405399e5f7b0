"""What people wrote is marked with its language where the page speaks another one."""

import pytest
from django.utils.translation import override

from coe_portal.design.templatetags.design import written, written_in
from tests.coe_portal.design.test_components import render


@pytest.mark.parametrize(
    ("text", "language", "html"),
    [
        ("Say <b> & smile", None, '<span lang="en">Say &lt;b&gt; &amp; smile</span>'),
        ("Hola", "es", "Hola"),
        ("Bonjour", "fr", '<span lang="fr">Bonjour</span>'),
        ("3 preguntas <sin> respuesta", "", "3 preguntas &lt;sin&gt; respuesta"),
        ("", None, ""),
    ],
)
def test_a_reader_of_spanish(text: str, language: str | None, html: str):
    with override("es"):
        assert str(written(text, language)) == html


def test_the_same_language_needs_no_mark():
    assert (str(written("Be kind")), str(written_in())) == ("Be kind", "")


def test_the_organisation_may_write_in_spanish(settings):
    settings.CONTENT_LANGUAGE = "es"

    assert (str(written("Sea amable")), str(written_in())) == ('<span lang="es">Sea amable</span>', ' lang="es"')


@pytest.mark.parametrize(("attribute", "mark"), [("", ' lang="en"'), (':lang="own"', "")])
def test_rendered_markdown_says_its_language(attribute: str, mark: str):
    with override("es"):
        assert render(f"<c-prose {attribute}>Be kind</c-prose>", own="es") == f'<div class="prose"{mark} >Be kind</div>'
