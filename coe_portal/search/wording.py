"""What somebody typed, taken apart, and put together again as PostgreSQL writes a query."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from coe_portal.search.models import STEMS

MOST_WORDS = 12
LONGEST_QUERY = 200
LONGEST_TERM = 5  # words

# A term, as its words, and what is looked for beside it.
Synonyms = Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]
_TOKENS = re.compile(r'(?:(?<=\s)|^)(-?)"([^"]*)"|(?:(?<=\s)|^)(-?)([^\s"]+)|([^\s"]+)')


@dataclass(frozen=True)
class Part:
    """One word, or the words of a known term, and what means the same."""

    words: tuple[str, ...]
    same: Sequence[tuple[str, ...]] = ()


@dataclass(frozen=True)
class Typed:
    """Words that all must be there, "phrases" as they stand, and what must -not be there."""

    words: list[str] = field(default_factory=list)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    without: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        return not self.phrases and not self.without

    @property
    def wants_something(self) -> bool:
        return bool(self.words or self.phrases)


def words_of(text: str) -> list[str]:
    """The words of what somebody typed; operators, quotes and control characters are no words."""
    return re.findall(r"\w+", text[:LONGEST_QUERY].replace("_", " ").lower())[:MOST_WORDS]


def taken_apart(text: str) -> Typed:
    typed = Typed()
    for quoted_minus, quoted, minus, bare, glued in _TOKENS.findall(text[:LONGEST_QUERY]):
        words = tuple(words_of(quoted or bare or glued))
        if not words:
            continue
        if quoted_minus or minus:
            typed.without.append(words)
        elif quoted and len(words) > 1:
            typed.phrases.append(words)
        else:
            typed.words.extend(words)
    return Typed(typed.words[:MOST_WORDS], typed.phrases[:MOST_WORDS], typed.without[:MOST_WORDS])


def parts_of(words: Sequence[str], synonyms: Synonyms) -> list[Part]:
    """The longest known terms first; what is no term is a part by itself."""
    parts: list[Part] = []
    position = 0
    while position < len(words):
        length = next((n for n in range(LONGEST_TERM, 1, -1) if tuple(words[position : position + n]) in synonyms), 1)
        term = tuple(words[position : position + length])
        parts.append(Part(term, synonyms.get(term, ())))
        position += len(term)
    return parts


@dataclass(frozen=True)
class _Piece:
    """What PostgreSQL is asked to cut down to stems."""

    words: tuple[str, ...]
    stems: str
    half: bool = False

    @property
    def text(self) -> str:
        return f"{self.words[0]}:*" if self.half else " ".join(self.words)

    @property
    def how(self) -> str:
        return "half" if self.half else "phrase"


def tsquery(
    typed: Typed, synonyms: Synonyms, languages: Sequence[str], *, any_of: bool = False, whole: bool = False
) -> str:
    """All the parts, or any of them; the last word may be half typed, unless it is `whole`. The reader's language
    comes first.

    Words too common to be indexed drop out, unless there is no other.
    """
    parts = parts_of(typed.words, synonyms)
    cut = _cut(_pieces(typed, parts, languages))
    wanted = [_part(part, cut, languages) for part in parts]
    if parts and not (whole and wanted[-1]):
        wanted[-1] = _last(parts[-1], wanted, cut, alone=not any(wanted) and not typed.phrases)
    wanted += [_any(cut[_Piece(phrase, STEMS[each])] for each in languages) for phrase in typed.phrases]
    joined = (" | " if any_of else " & ").join(each for each in wanted if each)
    refused = [_any(cut[_Piece(words, STEMS[each])] for each in languages) for words in typed.without]
    return " & ".join(filter(None, [f"({joined})" if joined else "", *(f"!({each})" for each in refused if each)]))


def word_queries(words: Sequence[str], synonyms: Synonyms, languages: Sequence[str]) -> dict[str, str]:
    """A query for each word alone; without those that are too common to be indexed."""
    parts = [Part((word,), synonyms.get((word,), ())) for word in dict.fromkeys(words)]
    cut = _cut(_pieces(Typed(), parts, languages))
    return {part.words[0]: text for part in parts if (text := _part(part, cut, languages))}


def too_common(words: Sequence[str], languages: Sequence[str]) -> set[str]:
    """Those of the words that no index holds in one of the languages."""
    cut = _cut([_Piece((word,), STEMS[each]) for each in languages for word in words])
    return {piece.words[0] for piece, stems in cut.items() if not stems}


def _pieces(typed: Typed, parts: Sequence[Part], languages: Sequence[str]) -> list[_Piece]:
    texts = [
        *((word,) for part in parts for word in part.words),
        *(same for part in parts for same in part.same),
        *typed.phrases,
        *typed.without,
    ]
    pieces = [_Piece(text, STEMS[each]) for each in languages for text in texts]
    return [*pieces, _half(parts[-1])] if parts else pieces


def _half(part: Part) -> _Piece:
    return _Piece(part.words[-1:], "simple", half=True)


def _part(part: Part, cut: Mapping[_Piece, str], languages: Sequence[str]) -> str:
    """Every word of it, or something that means the same. A word too common in one of the languages drops out."""
    words = []
    for word in part.words:
        stems = [cut[_Piece((word,), STEMS[each])] for each in languages]
        words.append(_any(stems) if all(stems) else "")
    together = " & ".join(filter(None, words))
    return _any([together, *(cut[_Piece(same, STEMS[each])] for same in part.same for each in languages)])


def _last(part: Part, wanted: Sequence[str], cut: Mapping[_Piece, str], *, alone: bool) -> str:
    if wanted[-1] or alone:
        half = cut[_half(part)]
        if len(part.words) == 1:
            return _any([wanted[-1], half])
        return wanted[-1]
    return ""


def _any(texts: Iterable[str]) -> str:
    known = list(dict.fromkeys(text for text in texts if text))
    if len(known) < 2:
        return f"({known[0]})" if known else ""
    return "(" + " | ".join(f"({text})" for text in known) + ")"


def _cut(pieces: Sequence[_Piece]) -> dict[_Piece, str]:
    """Each as PostgreSQL writes it, "" where nothing of it is worth indexing; one round trip."""
    sql = """
        SELECT (CASE WHEN how = 'half' THEN to_tsquery('simple', words)
                     ELSE phraseto_tsquery(stems::regconfig, words) END)::text
        FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS piece (how, stems, words, number)
        ORDER BY number
    """
    unique = list(dict.fromkeys(pieces))
    columns: list[Any] = [[p.how for p in unique], [p.stems for p in unique], [p.text for p in unique]]
    with connection.cursor() as cursor:
        cursor.execute(sql, columns)
        return dict(zip(unique, (row[0] for row in cursor.fetchall()), strict=True))
