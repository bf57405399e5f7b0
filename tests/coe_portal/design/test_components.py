import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import strip_tags
from django_cotton.compiler_regex import CottonCompiler

from coe_portal.design.examples import example_chart


def render(markup: str, **context: Any) -> str:
    compiled = CottonCompiler().process(markup)
    html = engines["django"].from_string(compiled).render(context)
    return re.sub(r"\s+", " ", html).strip()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html)).strip()


class PlanForm(forms.Form):
    title = forms.CharField(label="Title", help_text="One line.")
    note = forms.CharField(label="Note", required=False)
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "First"), ("b", "Second")])


def test_a_button_with_an_address_is_a_link():
    assert render('<c-button href="/my/">Go</c-button>').startswith('<a class="button" href="/my/"')


def test_a_button_passes_on_what_it_does_not_know():
    html = render('<c-button name="move" value="next" data-hx-post="/move/">Move</c-button>')

    assert 'name="move"' in html
    assert 'value="next"' in html
    assert 'data-hx-post="/move/"' in html


def test_a_component_does_not_see_the_variables_of_the_page():
    assert words(render("<c-card><p>Text</p></c-card>", title="Title of the page")) == "Text"


def test_what_somebody_typed_is_escaped_in_an_attribute():
    html = render('<c-card title="{{ title }}"></c-card>', title="<b>&")

    assert "&lt;b&gt;&amp;" in html
    assert "<b>" not in html


def test_a_tile_never_shows_unknown_as_zero():
    assert words(render('<c-tile label="Sign-ups" :value="value" />', value=None)) == "Sign-ups Not known yet"
    assert words(render('<c-tile label="Sign-ups" :value="value" />', value=0)) == "Sign-ups 0"


def test_a_tile_says_where_its_figure_comes_from():
    html = render(
        '<c-tile label="Followers" value="33" source="Profiles" source_url="/x/" age="2 hours" :demo="True" />'
    )

    assert words(html) == "Followers 33 Source: Profiles2 hoursdemo data"
    assert '<a href="/x/">Profiles</a>' in html


def test_a_moment_is_readable_exact_and_in_the_zone_of_the_reader():
    html = render('<c-when :at="at" form="time" />', at=datetime(2026, 3, 12, 14, 5, tzinfo=UTC))

    assert 'datetime="2026-03-12T14:05:00+00:00"' in html
    assert 'title="Thursday March 12, 2026, 10:05 a.m. EDT"' in html
    assert words(html) == "March 12, 2026, 10:05 a.m."


def test_a_day_has_no_time():
    html = render('<c-when :at="at" form="time" />', at=date(2026, 3, 12))

    assert words(html) == "March 12, 2026"


def test_no_moment_is_nothing():
    assert render('<c-when :at="at" />', at=None) == ""


def test_a_chart_carries_its_figures_as_a_table_and_as_data():
    html = render('<c-chart :chart="chart" />', chart=example_chart())

    assert '<script id="chart-followers" type="application/json">' in html
    assert 'data-chart="chart-followers"' in html
    assert html.count("<tr>") == 8
    assert "demo data" in html


def test_a_form_leads_from_the_summary_to_the_field_and_keeps_the_message_beside_it():
    html = render("{{ form }}", form=PlanForm({"title": "", "kind": ""}))

    assert '<a href="#id_title">Title: This field is required.</a>' in html
    assert '<a href="#id_kind">Kind: This field is required.</a>' in html
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_kind"' in html


def test_a_form_without_errors_has_no_summary():
    html = render("{{ form }}", form=PlanForm())

    assert "There is a problem" not in html
    assert "(optional)" in html


@pytest.mark.parametrize("template", ["500.html", "400.html", "403_csrf.html"])
def test_the_pages_for_trouble_need_neither_database_nor_request(template: str):
    assert "<h1>" in render_to_string(template)


def test_the_style_guide_shows_every_component(rf: RequestFactory):
    from coe_portal.design.views import guide

    request = rf.get("/design/")

    response = guide(request)

    assert response.status_code == 200
    assert b"<c-" not in response.content
