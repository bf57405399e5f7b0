"""Find things: only what the person may read, the best first, forgiving about spelling."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from coe_portal.contributions import Text, document_labels
from coe_portal.people.models import User

PAGE_SIZE = 20
# Counts stop here: nobody reads further, and counting on costs more than the search.
COUNT_AT_MOST = 1_000
RANK_BY_BODY_AT_MOST = 200
CANDIDATES = 1_000
SUGGEST_CANDIDATES = 100
MOST_WORDS = 12
LONGEST_QUERY = 200
# A scan of rows would unpack the long vector of each; the index alone knows which rows match. The planner cannot know
# what unpacking costs, so for these statements, sent together with it, it is told.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;"
MARK, UNMARK = "\ue000", "\ue001"
HEADLINE = (
    f'StartSel={MARK}, StopSel={UNMARK}, MaxFragments=2, MaxWords=24, MinWords=12, ShortWord=0, FragmentDelimiter=" … "'
)


@dataclass(frozen=True)
class Found:
    """One result. `snippet` is safe HTML with the words found in <mark>."""

    kind: str
    label: Text
    title: str
    url: str
    snippet: SafeString


@dataclass(frozen=True)
class KindCount:
    kind: str
    label: Text
    count: int


@dataclass(frozen=True)
class Results:
    """`more` says that counting stopped at 1,000; `corrected` is the text that was searched for instead."""

    text: str
    rows: Sequence[Found] = ()
    total: int = 0
    more: bool = False
    kinds: Sequence[KindCount] = ()
    page: int = 1
    corrected: str = ""

    @property
    def has_next(self) -> bool:
        return self.page * PAGE_SIZE < self.total


@dataclass(frozen=True)
class _Query:
    """A tsquery in PostgreSQL's own writing, and the audiences it may look into."""

    text: str
    audience_ids: list[int] = field(default_factory=list)
    kind: str | None = None

    @property
    def where(self) -> tuple[str, list[Any]]:
        readable = "(audience_id IS NULL OR audience_id = ANY(%s::bigint[]))"
        if self.kind is None:
            return readable, [self.audience_ids]
        return f"{readable} AND kind = %s", [self.audience_ids, self.kind]


def find(person: User, text: str, kind: str | None = None, page: int = 1) -> Results:
    """The page-th twenty results. A text that finds nothing is searched for again as it may have been meant."""
    results = _find(person, text, kind, page)
    if results.total or results.kinds:
        return results
    meant = correction(person, text)
    if not meant:
        return results
    return replace(_find(person, meant, kind, page), text=results.text, corrected=meant)


def suggest(person: User, text: str, limit: int = 5) -> list[Found]:
    """The best titles for a text that is still being typed; with nothing for all its words, for the rarest of them."""
    words = words_of(text)
    if not words:
        return []
    audience_ids = sorted(person.access.audience_ids)
    rows = _suggestions(_Query(tsquery(words), audience_ids), limit)
    if not rows and len(words) > 1:
        rows = _suggestions(_Query(tsquery(_rarest(words, audience_ids), any_of=True), audience_ids), limit)
    labels = document_labels()
    return [Found(kind, labels.get(kind, kind), title, url, escape(lead)) for kind, title, url, lead in rows]


def words_of(text: str) -> list[str]:
    """The words of what somebody typed; operators, quotes and control characters are no words."""
    return re.findall(r"\w+", text[:LONGEST_QUERY].replace("_", " ").lower())[:MOST_WORDS]


def tsquery(words: Sequence[str], *, any_of: bool = False) -> str:
    """All the words, or any of them, as PostgreSQL writes a query; the last word may be half typed.

    Words too common to be indexed drop out, unless there is no other.
    """
    join = " | " if any_of else " & "
    stems = join.join(words[:-1])
    joined = "before || last || half" if any_of else "before && (last || half)"
    sql = f"""
        WITH part AS (
            SELECT to_tsquery('english', %s) AS before, to_tsquery('english', %s) AS last,
                   to_tsquery('simple', %s) AS half
        )
        SELECT CASE
            WHEN numnode(last) = 0 AND numnode(before) > 0 THEN before
            WHEN numnode(before) = 0 THEN last || half
            ELSE {joined}
        END::text FROM part
    """  # noqa: S608 - our own words; every value is a parameter
    return str(_rows(sql, [stems, words[-1], f"{words[-1]}:*"])[0][0])


def correction(person: User, text: str) -> str:
    """The text with every unknown word replaced by the most similar one the person could read, or ""."""
    words = words_of(text)
    audience_ids = sorted(person.access.audience_ids)
    known = _documents_of(words, audience_ids)
    meant = [word if word in known else _similar(word, audience_ids) or word for word in words]
    return " ".join(meant) if meant != words else ""


def _find(person: User, text: str, kind: str | None, page: int) -> Results:
    words = words_of(text)
    if not words:
        return Results(text=text)
    query = _Query(tsquery(words), sorted(person.access.audience_ids))
    counts = _counts(query)
    labels = document_labels()
    every = sum(counts.values())
    chosen = replace(query, kind=kind)
    total = min(_total(chosen, counts, every), COUNT_AT_MOST)
    page = max(1, min(page, -(-total // PAGE_SIZE)))
    return Results(
        text=text,
        rows=_highlighted(_ranked(chosen, total, every)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], query.text),
        total=total,
        more=every > COUNT_AT_MOST,
        kinds=[KindCount(each, labels.get(each, each), min(n, COUNT_AT_MOST)) for each, n in sorted(counts.items())],
        page=page,
    )


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _counts(query: _Query) -> dict[str, int]:
    """Per kind, among the first thousand."""
    where, readable = query.where
    sql = f"""
        {BY_INDEX} SELECT kind, count(*) FROM (
            SELECT kind FROM search_searchdocument WHERE vector @@ %s::tsquery AND {where} LIMIT {COUNT_AT_MOST + 1}
        ) AS counted GROUP BY kind
    """  # noqa: S608 - our own words; every value is a parameter
    return dict(_rows(sql, [query.text, *readable]))


def _total(chosen: _Query, counts: dict[str, int], every: int) -> int:
    if chosen.kind is None:
        return every
    return sum(_counts(chosen).values()) if every > COUNT_AT_MOST else counts.get(chosen.kind, 0)


def _ranked(query: _Query, total: int, every: int) -> list[int]:
    """Ids, the best first. Few matches are ranked by all their words; of many, titles and leads come first."""
    if every <= RANK_BY_BODY_AT_MOST:
        return _best(query, "vector", RANK_BY_BODY_AT_MOST)
    first = _best(query, "short_vector", CANDIDATES)
    if len(first) >= total:
        return first
    seen = set(first)
    return first + [each for each in _others(query) if each not in seen]


def _best(query: _Query, vector: str, candidates: int) -> list[int]:
    where, readable = query.where
    sql = f"""
        SELECT id FROM (
            SELECT id, {vector}, changed_at FROM search_searchdocument WHERE {vector} @@ %s::tsquery AND {where}
            ORDER BY changed_at DESC LIMIT {candidates}
        ) AS candidate ORDER BY ts_rank({vector}, %s::tsquery, 1) DESC, changed_at DESC, id
    """  # noqa: S608 - our own words; every value is a parameter
    return [row[0] for row in _rows(sql, [query.text, *readable, query.text])]


def _others(query: _Query) -> list[int]:
    where, readable = query.where
    sql = f"""
        {BY_INDEX} SELECT id FROM (
            SELECT id, changed_at FROM search_searchdocument WHERE vector @@ %s::tsquery AND {where} LIMIT {CANDIDATES}
        ) AS candidate ORDER BY changed_at DESC
    """  # noqa: S608 - our own words; every value is a parameter
    return [row[0] for row in _rows(sql, [query.text, *readable])]


def _highlighted(ids: Sequence[int], query: str) -> list[Found]:
    """Only the rows that are shown are read whole and marked."""
    sql = """
        SELECT id, kind, title, url, ts_headline('english',
            CASE WHEN starts_with(body, left(lead, 40)) THEN '' ELSE lead || ' ' END || left(body, 20000),
            %s::tsquery, %s)
        FROM search_searchdocument WHERE id = ANY(%s)
    """
    labels = document_labels()
    found = {
        row_id: Found(kind, labels.get(kind, kind), title, url, marked(snippet))
        for row_id, kind, title, url, snippet in (_rows(sql, [query, HEADLINE, list(ids)]) if ids else [])
    }
    return [found[each] for each in ids if each in found]


def marked(text: str) -> SafeString:
    safe = str(escape(text)).replace(MARK, "<mark>").replace(UNMARK, "</mark>")
    return mark_safe(safe)  # noqa: S308 - escaped first


def _suggestions(query: _Query, limit: int) -> list[tuple[Any, ...]]:
    where, readable = query.where
    sql = f"""
        {BY_INDEX} SELECT kind, title, url, left(lead, 160) FROM (
            SELECT kind, title, url, lead, short_vector, changed_at FROM search_searchdocument
            WHERE short_vector @@ %s::tsquery AND {where} LIMIT {SUGGEST_CANDIDATES}
        ) AS candidate ORDER BY ts_rank(short_vector, %s::tsquery, 1) DESC, changed_at DESC LIMIT %s
    """  # noqa: S608 - our own words; every value is a parameter
    return _rows(sql, [query.text, *readable, query.text, limit])


def _documents_of(words: Iterable[str], audience_ids: Sequence[int]) -> dict[str, int]:
    sql = """
        SELECT word, sum(documents) FROM search_searchword
        WHERE word = ANY(%s) AND (audience_id IS NULL OR audience_id = ANY(%s::bigint[])) GROUP BY word
    """
    return dict(_rows(sql, [list(words), list(audience_ids)]))


def _rarest(words: Sequence[str], audience_ids: Sequence[int]) -> list[str]:
    """The three words that say most, in the order they were typed."""
    documents = _documents_of(words, audience_ids)
    common = sorted(documents, key=lambda word: documents[word])[3:]
    return [word for word in words if word not in common]


def _similar(word: str, audience_ids: Sequence[int]) -> str | None:
    sql = """
        SELECT word FROM search_searchword
        WHERE word %% %s AND (audience_id IS NULL OR audience_id = ANY(%s::bigint[]))
        ORDER BY similarity(word, %s) DESC, documents DESC, word LIMIT 1
    """
    found = _rows(sql, [word, list(audience_ids), word])
    return str(found[0][0]) if found else None
