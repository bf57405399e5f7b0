"""How words that are to leave are recognised, however they were typed.

PostgreSQL and Python read the patterns alike, for upper and lower case. Words are whole words: who removes “Rose” does
not mean “prose”, and an employee number is not a part of a longer number.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from django.utils.text import slugify

SHORTEST = 4
# Matches nothing: an empty pattern would match everything.
NEVER = "a^b"
SIGNS = re.compile(r"([.^$*+?()\[\]{}\\|\-])")
# Written out, since inside brackets PostgreSQL has no word for "letter" that Python has, too.
LETTERS = "A-Za-zªµºÀ-ÖØ-öø-ʯ"
# What may stand between two words of a name: a line break (in JSON two characters), marks of Markdown, tags.
BETWEEN = r"((?:\s|\\[nrt]|[*_~]|<[^<>]*>|&nbsp;|&#160;)+)"
ALIKE = (
    ("'`\u2019\u2018\u02bc\u00b4", r"(?:['`\u2019\u2018\u02bc\u00b4]|&#x27;|&#39;|&#8217;|&apos;|&rsquo;|&lsquo;)"),
    ('"\u201c\u201d\u201e', r"(?:[\"\u201c\u201d\u201e]|\\\"|&quot;|&#34;)"),
    ("-\u2010\u2011\u2013", r"[-\u2010\u2011\u2013]"),
    ("&", r"(?:&amp;|&)"),
    ("<", r"(?:&lt;|<)"),
    (">", r"(?:&gt;|>)"),
    ("\\", r"\\{1,2}"),
)


def pattern_of(words: Sequence[str]) -> str:
    """In texts, and of several words also as they stand in an address or a hashtag that a text names."""
    forms = {form for each in words if len(each.strip()) >= SHORTEST for form in _forms(each)}
    forms |= {_whole(SIGNS.sub(r"\\\1", slug), slug) for each in words if "-" in (slug := slugify(each))}
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))


def slug_pattern_of(words: Sequence[str]) -> str:
    slugs = {slug for each in words if len(slug := slugify(each)) >= SHORTEST}
    forms = "|".join(sorted(slugs, key=lambda slug: (-len(slug), slug)))
    return f"(?<![a-z0-9])(?:{forms})(?![a-z0-9])" if forms else NEVER


def _forms(phrase: str) -> Iterator[str]:
    normal = unicodedata.normalize("NFC", phrase).strip()
    parts = ["".join(map(_character, part)) for part in normal.split()]
    yield _whole(BETWEEN.join(parts), normal)
    if len(parts) > 1:
        yield _whole("#" + "_?".join(parts), normal)


def _character(one: str) -> str:
    """As it may have been typed: straight or curved, escaped, with its accent beside it."""
    for signs, form in ALIKE:
        if one in signs:
            return form
    parted = unicodedata.normalize("NFD", one)
    return f"(?:{one}|{parted})" if parted != one else SIGNS.sub(r"\\\1", one)


def _whole(form: str, phrase: str) -> str:
    before, after = _edge(phrase[0]), _edge(phrase[-1])
    behind = f"(?<!{before})" if before and not form.startswith("#") else ""
    return f"{behind}{form}(?!{after})" if after else f"{behind}{form}"


def _edge(one: str) -> str:
    if one.isdigit():
        return r"\d"
    return f"[{LETTERS}]" if one.isalpha() else ""
