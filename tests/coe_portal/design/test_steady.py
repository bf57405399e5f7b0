from dataclasses import dataclass

from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

COUNTED = Template(
    "{% load frame i18n %}{% steady unread %}{{ word }} {{ unread }} {% get_current_language as l %}{{ l }}"
    "{% endsteady %}"
)


@dataclass
class Word:
    said: int = 0

    def __str__(self) -> str:
        self.said += 1
        return "unread"


def test_a_steady_part_is_rendered_once():
    word = Word()

    pages = {COUNTED.render(Context({"word": word, "unread": 3})) for _ in range(3)}

    assert pages == {"unread 3 en"}
    assert word.said == 1


def test_a_steady_part_follows_the_values_it_names():
    assert COUNTED.render(Context({"word": "unread", "unread": 4})) == "unread 4 en"
    assert COUNTED.render(Context({"word": "unread", "unread": 5})) == "unread 5 en"


def test_a_steady_part_follows_the_language():
    with override("es"):
        assert COUNTED.render(Context({"word": "unread", "unread": 6})) == "unread 6 es"
    assert COUNTED.render(Context({"word": "unread", "unread": 6})) == "unread 6 en"


def test_a_steady_part_follows_the_appearance(rf: RequestFactory):
    pressed = Template("{% load frame design %}{% steady %}{% appearance_theme %}{% endsteady %}")
    dark = rf.get("/")
    dark.COOKIES["theme"] = "dark"

    assert pressed.render(Context({"request": dark})) == "dark"
    assert pressed.render(Context({"request": rf.get("/")})) == "system"
