"""Text that people type: Markdown without HTML, then an allow-list. Rendered when saved, never while a page is read."""

from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "del", "code", "pre", "a", "br", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}}
SCHEMES = {"http", "https", "mailto"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def render(text: str) -> SafeString:
    """Sanitised HTML. A `#` heading becomes an h2, since the page has the only h1."""
    return sanitise(_parser().render(text))


def sanitise(html: str) -> SafeString:
    lowered = html.replace("<h1", "<h2").replace("</h1>", "</h2>")
    clean = nh3.clean(lowered, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener nofollow")
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def parser() -> MarkdownIt:
    """For those who need the tokens, such as a policy's clauses."""
    return _parser()
