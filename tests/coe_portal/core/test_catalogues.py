from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from coe_portal.core import catalogues
from coe_portal.core.catalogues import Marked, Unreadable

TEMPLATE = """{% load i18n %}
<c-section title="{% translate 'Your team' %}">
  <p>{% blocktranslate trimmed count number=rows|length with who=person.name %}
    {{ who }} owes {{ number }} course: 5 %
  {% plural %}
    {{ who }} owes {{ number }} courses: 5 %
  {% endblocktranslate %}</p>
  {% translate "May" context "month" %} {{ name|default:_("nobody") }} {# not this #} it's
</c-section>
"""
CODE = """
from django.utils.translation import gettext as _, ngettext_lazy, pgettext

def words(count, name):
    return [_("One "
              "line"), ngettext_lazy("%d day", "%d days", count), pgettext("verb", "Post"), _(name), print("no")]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "policies").mkdir()
    (tmp_path / "templates" / "team.html").write_text(TEMPLATE)
    (tmp_path / "policies" / "words.py").write_text(CODE)
    (tmp_path / "locale" / "es" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path


def test_strings_of_code_and_templates_are_collected_with_plurals_and_contexts(root: Path):
    assert {(each.context, each.id, each.file) for each in catalogues.collect(root)} == {
        ("", "One line", "policies/words.py"),
        ("", ("%d day", "%d days"), "policies/words.py"),
        ("verb", "Post", "policies/words.py"),
        ("", "Your team", "templates/team.html"),
        (
            "",
            ("%(who)s owes %(number)s course: 5 %%", "%(who)s owes %(number)s courses: 5 %%"),
            "templates/team.html",
        ),
        ("month", "May", "templates/team.html"),
        ("", "nobody", "templates/team.html"),
    }


def test_a_model_without_a_name_is_called_by_its_class(root: Path):
    (root / "policies" / "models.py").write_text("""
from django.db import models
from django.utils.translation import gettext_lazy as _

class KeptText(models.Model):
    class Meta:
        ordering = ["pk"]

class Version(models.Model):
    class Meta:
        verbose_name = _("version")

class Recorded(models.Model):
    class Meta:
        abstract = True

class Activity(Recorded):
    pass
""")

    found = {each.message for each in catalogues.collect(root) if each.file == "policies/models.py"}

    assert found == {"activity", "kept text", "version"}


def test_what_is_known_stays_and_what_is_gone_goes():
    known = Catalog(locale="es")
    known.add("Your team", "Su equipo")
    known.add("Gone", "Se fue")

    catalogue = catalogues.merged(known, [marked("Your team"), marked("New")])

    assert {each.id: each.string for each in catalogue if each.id} == {"New": "", "Your team": "Su equipo"}


def test_a_string_that_got_a_plural_is_translated_anew():
    known = Catalog(locale="es")
    known.add("%d day", "%d día")

    catalogue = catalogues.merged(known, [marked("%d day", plural="%d days")])

    assert [each.string for each in catalogue if each.id] == [("", "")]


def test_a_catalogue_reads_back_as_it_was_written(root: Path):
    known = Catalog(locale="es")
    known.add("Your team", "Su equipo")
    text = catalogues.text_of(catalogues.merged(known, [marked("Your team"), marked("New")]))
    catalogues.catalogue_path("es", root).write_bytes(text)

    again = catalogues.merged(
        catalogues.read(catalogues.catalogue_path("es", root)), [marked("New"), marked("Your team")]
    )

    assert catalogues.text_of(again) == text


def test_two_plurals_for_one_singular_are_refused():
    with pytest.raises(Unreadable, match=r"^b\.html:1: '%d day' has another plural in a\.html$"):
        catalogues.template_of([marked("%d day", "a.html", "%d days"), marked("%d day", "b.html", "%d nights")])


def test_a_compiled_catalogue_speaks(root: Path):
    known = Catalog(locale="es")
    known.add(("%d day", "%d days"), ("%d día", "%d días"))
    catalogues.catalogue_path("es", root).write_bytes(catalogues.text_of(known))

    [compiled] = catalogues.compile_all(root)

    with compiled.open("rb") as file:
        spoken = GNUTranslations(file)
    assert [spoken.ngettext("%d day", "%d days", count) for count in (0, 1, 2)] == ["%d días", "%d día", "%d días"]


def marked(message: str, file: str = "a.html", plural: str = "") -> Marked:
    return Marked(message, plural, "", file, 1)
