"""Dates, figures and plurals in Spanish."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.utils import formats, translation
from django.utils.translation import ngettext

from coe_portal.core.charts import Chart, Series, chart_svg, lines
from coe_portal.design.templatetags.design import exact, readable
from metrics.collection.dictionary import label_of
from metrics.periods import Period
from metrics.templatetags.figures import figure, money, percent_plain

DAY = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def _in_spanish():
    with translation.override("es"):
        yield


def test_dates_are_written_out():
    assert readable(DAY) == "5 de marzo de 2026"
    assert exact(DAY) == "jueves 5 de marzo de 2026"
    assert readable(datetime(2026, 3, 5, 20, 4, tzinfo=UTC), "time") == "5 de marzo de 2026, 3:04 p.m."


def test_months_are_written_out():
    assert formats.date_format(DAY, "YEAR_MONTH_FORMAT") == "marzo de 2026"
    assert Period(date(2026, 1, 1), date(2026, 3, 31)).label == "de enero de 2026 a marzo de 2026"


def test_figures_are_written_as_around_the_reader():
    assert figure(1234567) == "1,234,567"
    assert money(Decimal("-1234.4")) == "\N{MINUS SIGN}$1,234"
    assert percent_plain(Decimal("0.0345"), 1) == "3.5\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(("count", "words"), [(0, "0 respuestas"), (1, "1 respuesta"), (2, "2 respuestas")])
def test_plurals_follow_the_number(count: int, words: str):
    assert ngettext("%(count)d reply", "%(count)d replies", count) % {"count": count} == words


def test_a_date_field_starts_with_what_the_browser_reads():
    class Form(forms.Form):
        day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    assert 'value="2026-03-05"' in str(Form(initial={"day": DAY})["day"])
    assert Form({"day": "05/03/2026"}).is_valid()


def test_metrics_have_names_of_their_own():
    assert label_of("followers") == "Seguidores"


def test_a_chart_on_paper_names_the_months():
    points = [(date(2026, month, 1), month) for month in range(1, 8)]
    chart = Chart(id="c", title="t", spec=lines([Series("a", points)], unit="seguidores"), alt="a", source="s")

    drawn = chart_svg(chart)

    assert "abril" in drawn
    assert "April" not in drawn
