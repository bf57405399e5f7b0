"""Rendered pieces of pages, kept in the cache by what they show and its version.

A key names everything the piece depends on: the object, its version, the language and whatever differs by reader.
Pieces are rendered without a request, so nothing of one reader can end up in another's page.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Item = TypeVar("Item", bound=Hashable)

PREFIX = "fragment:"
KEEP_SECONDS = 7 * 86_400


def fragment_key(*parts: object) -> str:
    return PREFIX + ":".join([get_language() or "en", *map(str, parts)])


def fragment(template: str, key: Sequence[object], context: Callable[[], Mapping[str, Any]]) -> SafeString:
    """The rendered template; `context` is called only when the piece is not in the cache."""
    name = fragment_key(template, *key)
    html = cache.get(name)
    if html is None:
        html = str(render_to_string(template, dict(context())))
        cache.set(name, html, KEEP_SECONDS)
    return SafeString(html)


def fragments(
    template: str,
    keys: Mapping[Item, Sequence[object]],
    contexts: Callable[[Sequence[Item]], Mapping[Item, Mapping[str, Any]]],
) -> dict[Item, SafeString]:
    """One rendered piece an item, read in one round trip; `contexts` gets all items that are missing, at once."""
    names = {item: fragment_key(template, *key) for item, key in keys.items()}
    found = cache.get_many(names.values())
    missing = [item for item, name in names.items() if name not in found]
    made = {
        names[item]: str(render_to_string(template, dict(context)))
        for item, context in (contexts(missing) if missing else {}).items()
    }
    if made:
        cache.set_many(made, KEEP_SECONDS)
    html = found | made
    return {item: SafeString(html[name]) for item, name in names.items() if name in html}
