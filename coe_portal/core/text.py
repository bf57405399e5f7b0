"""Sanitised HTML as plain words, for search, leads and mail."""

import re
from html import unescape

_BLOCK_ENDS = re.compile(r"</(?:p|li|h[1-6]|td|th|blockquote|pre)>|<br\s*/?>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")


def plain(html: str) -> str:
    """The words of HTML that nh3 has cleaned, on one line."""
    return " ".join(unescape(_TAGS.sub("", _BLOCK_ENDS.sub(" ", html))).split())


def first_words(html: str, length: int) -> str:
    """The first paragraph, or its beginning, cut between words."""
    text = plain(html.partition("</p>")[0])
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0] + "…"
