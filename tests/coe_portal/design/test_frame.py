import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from coe_portal.people.models import User


def page(rf: RequestFactory, person: User | AnonymousUser) -> str:
    request: HttpRequest = rf.get("/")
    request.user = person
    return render_to_string("base.html", {"shell": {"nav": [], "unread": 0}, "request": request})


def test_the_frame_never_shows_one_person_to_another(rf: RequestFactory):
    rosa = User(pk=1, name="Rosa Delgado", email="rosa@riverbend.example")
    jonas = User(pk=2, name="Jonas Weber", email="jonas@riverbend.example")

    first, second = page(rf, rosa), page(rf, jonas)

    assert "Rosa Delgado" in first
    assert "Rosa" not in second
    assert "rosa@" not in second
    assert "Jonas Weber" in second


def test_the_frame_for_strangers_offers_only_to_sign_in(rf: RequestFactory):
    html = page(rf, AnonymousUser())

    assert "Sign in" in html
    assert "Sign out" not in html
    assert "csrfmiddlewaretoken" not in html


def test_the_frame_has_one_main_part_and_a_way_to_it(rf: RequestFactory):
    html = page(rf, AnonymousUser())

    assert html.count("<main ") == 1
    assert 'class="skip" href="#main"' in html


@pytest.mark.parametrize(
    ("blocks", "columns"),
    [
        ("", '<div class="columns" >'),
        ("{% block aside %}<aside></aside>{% endblock %}", '<div class="columns" data-aside>'),
        ("{% block outline %}<nav></nav>{% endblock %}", '<div class="columns" data-outline>'),
    ],
)
def test_the_columns_are_known_before_what_stands_in_them(blocks: str, columns: str):
    html = engines["django"].from_string('{% extends "base.html" %}' + blocks).render({})

    assert columns in re.sub(r"\s+", " ", html).replace(" >", ">").replace('columns">', 'columns" >')
