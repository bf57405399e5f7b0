"""What means the same, kept for every search until a strategist changes it."""

from collections.abc import Iterable

from coe_portal.core import versions
from coe_portal.search.models import STEMS, Synonym
from coe_portal.search.wording import Synonyms, words_of

VERSION = "search.synonyms"
KEPT = "search:synonyms"

Term = tuple[str, ...]


def synonyms_for(languages: Iterable[str]) -> Synonyms:
    """For readers of these languages: those of each, and those of every language."""
    kept = versions.kept(KEPT, [VERSION], _all)
    found: dict[Term, tuple[Term, ...]] = {}
    for language in languages:
        for term, same in kept[language].items():
            found[term] = (*found.get(term, ()), *(each for each in same if each not in found.get(term, ())))
    return found


def languages_of(language: str) -> list[str]:
    """The languages a reader's words are looked for in: their own, and English."""
    return list(dict.fromkeys([language if language in STEMS else "en", "en"]))


def _all() -> dict[str, dict[Term, tuple[Term, ...]]]:
    found: dict[str, dict[Term, set[Term]]] = {language: {} for language in STEMS}
    for synonym in Synonym.objects.all():
        for language in [synonym.language] if synonym.language else STEMS:
            for term, same in _pairs(synonym):
                found[language].setdefault(term, set()).update(same)
    return {language: {term: tuple(sorted(same)) for term, same in terms.items()} for language, terms in found.items()}


def _pairs(synonym: Synonym) -> Iterable[tuple[Term, set[Term]]]:
    words = {tuple(words_of(each)) for each in synonym.words} - {()}
    also = {tuple(words_of(each)) for each in synonym.also} - {()}
    for term in words:
        yield term, (words | also) - {term}
