"""Things in a sentence, joined as English and Spanish join them."""

import pytest
from django.utils.translation import override

from coe_portal.core.lists import all_of, any_of


@pytest.mark.parametrize(
    ("parts", "every", "some"),
    [
        ([], "", ""),
        (["Ana"], "Ana", "Ana"),
        (["Ana", "Luis"], "Ana and Luis", "Ana or Luis"),
        (["Ana", "Luis", "Olga"], "Ana, Luis, and Olga", "Ana, Luis, or Olga"),
    ],
)
def test_english(parts: list[str], every: str, some: str):
    assert (all_of(parts), any_of(parts)) == (every, some)


@pytest.mark.parametrize(
    ("parts", "every", "some"),
    [
        (["Ana", "Luis", "Eva"], "Ana, Luis y Eva", "Ana, Luis o Eva"),
        (["Ana", "Inés"], "Ana e Inés", "Ana o Inés"),
        (["Ana", "Íñigo"], "Ana e Íñigo", "Ana o Íñigo"),
        (["aguja", "hilo"], "aguja e hilo", "aguja o hilo"),
        (["agua", "hielo"], "agua y hielo", "agua o hielo"),
        (["Luis", "Olga"], "Luis y Olga", "Luis u Olga"),
        (["casa", "«hogar»"], "casa y «hogar»", "casa u «hogar»"),
        (["7", "8"], "7 y 8", "7 u 8"),
        (["10", "11"], "10 y 11", "10 u 11"),
        (["tacos y", "o más"], "tacos y y o más", "tacos y u o más"),
    ],
)
def test_spanish_minds_the_sound(parts: list[str], every: str, some: str):
    with override("es"):
        assert (all_of(parts), any_of(parts)) == (every, some)
