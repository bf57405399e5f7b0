"""Things one after the other in a sentence, as the reader's language joins them."""

import re
from collections.abc import Sequence
from typing import Literal

from babel.lists import format_list
from django.utils.translation import get_language

# Spanish changes "y" and "o" before the same sound; "hie" and "hia" begin with another one.
BEFORE_I = re.compile(r"\W*(?:[ií]|h[ií](?![aeou]))", re.IGNORECASE)
BEFORE_O = re.compile(r"\W*(?:h?[oó]|8|11\b)", re.IGNORECASE)
LAST = "\ue000"


def all_of(parts: Sequence[str]) -> str:
    """ "Ana, Luis e Inés", "Ana, Luis, and Inés"."""
    return _listed(parts, "standard")


def any_of(parts: Sequence[str]) -> str:
    """ "uno u otro", "one or the other"."""
    return _listed(parts, "or")


def _listed(parts: Sequence[str], style: Literal["standard", "or"]) -> str:
    """The language's own pattern around a mark, then the last part in the place of the mark."""
    if len(parts) < 2:
        return "".join(parts)
    *others, last = parts
    language = (get_language() or "en").partition("-")[0]
    joined = format_list([*others, LAST], style, locale=language)
    if language == "es":
        joined = _euphonic(joined, last)
    return joined.replace(LAST, last)


def _euphonic(joined: str, last: str) -> str:
    if BEFORE_I.match(last):
        return joined.replace(f" y {LAST}", f" e {LAST}")
    return joined.replace(f" o {LAST}", f" u {LAST}") if BEFORE_O.match(last) else joined
