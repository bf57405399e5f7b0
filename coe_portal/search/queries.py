"""Find things: only what the person may read, the best first, forgiving about spelling."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from coe_portal.contributions import Text, content_language, document_labels
from coe_portal.people.models import User
from coe_portal.search.spelling import correction, documents_of, rarest
from coe_portal.search.statements import fetched
from coe_portal.search.synonyms import languages_of, synonyms_for
from coe_portal.search.wording import Typed, taken_apart, tsquery, word_queries

PAGE_SIZE = 20
# Counts stop here: nobody reads further, and counting on costs more than the search.
COUNT_AT_MOST = 500
RANK_BY_BODY_AT_MOST = 200
CANDIDATES = COUNT_AT_MOST + 1
# Whether words stand in an order is written in the long vector of each document, which has to be unpacked: so many of
# those that have the words at all are looked at, beside all titles and leads.
PHRASE_CANDIDATES = 3_000
PHRASE_COUNT_AT_MOST = 200
SUGGEST_CANDIDATES = 50
# With fewer results than this, what has only some of the words is shown below them.
FEW = 5
NEAR_AT_MOST = 10
NEAR_WORDS = 5
# Of more documents than are ranked, rules are taken before chatter, and what is new before what is old. The planner
# walks the index of this order where the words are common, and the index of words where they are rare.
FIRST = "weight DESC, changed_at DESC"
# A scan of rows would unpack the long vector of each; the index alone knows which rows match. The planner cannot know
# what unpacking costs, so for these statements, sent together with it, it is told.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;"
# What is searched all day stands in memory, where a page here and there costs little more than the next one. What one
# statement has set lasts as long as the transaction, if there is one around it; so the other is set back.
BY_EITHER = "SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on; SET LOCAL random_page_cost = 1.1;"
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
    language: str = field(default_factory=content_language)


@dataclass(frozen=True)
class KindCount:
    kind: str
    label: Text
    count: int


@dataclass(frozen=True)
class Results:
    """`more` says that counting stopped; `corrected` is the text that was searched for instead. `near` has
    some of the words, where few have all of them; `wants_something` is false for a text without a word to look for."""

    text: str
    wants_something: bool = True
    rows: Sequence[Found] = ()
    near: Sequence[Found] = ()
    total: int = 0
    more: bool = False
    kinds: Sequence[KindCount] = ()
    page: int = 1
    corrected: str = ""

    @property
    def found_nothing(self) -> bool:
        """Of no kind, and not as it may have been meant either."""
        return bool(self.text) and self.wants_something and not self.kinds

    @property
    def has_next(self) -> bool:
        return self.page * PAGE_SIZE < self.total


class _Match(NamedTuple):
    """A document that fits, before it is read."""

    document_id: int
    kind: str
    object_id: int
    language: str


@dataclass(frozen=True)
class _Query:
    """A tsquery in PostgreSQL's own writing, and the audiences it may look into."""

    text: str
    audience_ids: list[int] = field(default_factory=list)
    language: str = "en"
    kind: str | None = None

    @property
    def has_phrase(self) -> bool:
        return "<" in self.text

    @property
    def at_most(self) -> int:
        return PHRASE_COUNT_AT_MOST if self.has_phrase else COUNT_AT_MOST

    @property
    def matching(self) -> tuple[str, list[Any]]:
        """The rows that fit, as a table to select from; for a phrase among a bounded number of candidates."""
        where, readable = self.where
        if not self.has_phrase:
            return f"search_searchdocument WHERE vector @@ %s::tsquery AND {where}", [self.text, *readable]
        words_alone = re.sub(r"<(-|\d+)>", "&", self.text)
        candidates = f"""
            (SELECT * FROM search_searchdocument WHERE vector @@ %s::tsquery AND {where}
             LIMIT {PHRASE_CANDIDATES}) AS candidate WHERE vector @@ %s::tsquery
        """  # noqa: S608 - our own words; every value is a parameter
        return candidates, [words_alone, *readable, self.text]

    @property
    def where(self) -> tuple[str, list[Any]]:
        readable = "(audience_id IS NULL OR audience_id = ANY(%s::bigint[]))"
        if self.kind is None:
            return readable, [self.audience_ids]
        return f"{readable} AND kind = %s", [self.audience_ids, self.kind]


def find(person: User, text: str, kind: str | None = None, page: int = 1) -> Results:
    """The page-th twenty results. A text that finds nothing is searched for again as it may have been meant."""
    results = _find(person, text, kind, page)
    meant = "" if results.kinds or not results.wants_something else correction(person, text)
    if meant:
        results = replace(_find(person, meant, kind, page), text=text, corrected=meant)
    if len(results.rows) >= FEW or page > 1:
        return results
    results = replace(results, near=_near(person, meant or text, kind, results))
    return results if results.kinds or results.near else replace(results, corrected="")


def suggest(person: User, text: str, limit: int = 5) -> list[Found]:
    """The best titles for a text that is still being typed; with nothing for all its words, for the rarest of them."""
    typed = taken_apart(text)
    if not typed.wants_something:
        return []
    rows = _suggestions(_query(person, typed), limit)
    if not rows and typed.is_plain and len(typed.words) > 1:
        telling = Typed(rarest(typed.words, sorted(person.access.audience_ids)))
        rows = _suggestions(_query(person, telling, any_of=True), limit)
    labels = document_labels()
    return [
        Found(kind, labels.get(kind, kind), title, url, escape(lead), language)
        for kind, title, url, lead, language in rows
    ]


def _ends_whole(person: User, typed: Typed) -> bool:
    """What so many documents have as it stands is no half word. Taken for one, it would add nothing that is reached,
    and mislead the planner, who has no statistics of beginnings of words."""
    if not typed.words:
        return False
    return sum(documents_of(typed.words[-1:], sorted(person.access.audience_ids)).values()) > COUNT_AT_MOST


def _query(person: User, typed: Typed, *, any_of: bool = False, whole: bool = False) -> _Query:
    languages = languages_of(person.language)
    text = tsquery(typed, synonyms_for(languages), languages, any_of=any_of, whole=whole)
    return _Query(text, sorted(person.access.audience_ids), languages[0])


def _find(person: User, text: str, kind: str | None, page: int) -> Results:
    typed = taken_apart(text)
    query = _query(person, typed, whole=_ends_whole(person, typed)) if typed.wants_something else _Query("")
    if not query.text:
        return Results(text=text, wants_something=False)
    first = [] if query.has_phrase else _best(query, "short_vector", CANDIDATES)
    counts = _kinds(first) if len(first) == CANDIDATES else _counts(query)
    labels = document_labels()
    every = sum(counts.values())
    if not every:
        return Results(text=text)
    chosen = replace(query, kind=kind)
    if kind is not None or query.has_phrase:
        first = _best(chosen, "short_vector", CANDIDATES)
    total = min(_total(chosen, counts, every), query.at_most)
    page = max(1, min(page, -(-total // PAGE_SIZE)))
    ranked = _ranked(chosen, first, total, every, page * PAGE_SIZE)
    return Results(
        text=text,
        rows=_highlighted(ranked[(page - 1) * PAGE_SIZE :], query.text),
        total=total,
        more=every > query.at_most,
        kinds=[KindCount(each, labels.get(each, each), min(n, query.at_most)) for each, n in sorted(counts.items())],
        page=page,
    )


def _near(person: User, text: str, kind: str | None, results: Results) -> list[Found]:
    """What has some of the words that say most: seldom does a text have all the words of a whole question."""
    typed = taken_apart(text)
    if not typed.is_plain or len(typed.words) < 2:
        return []
    languages, audience_ids = languages_of(person.language), sorted(person.access.audience_ids)
    alone = word_queries(typed.words, synonyms_for(languages), languages)
    parts = [alone[word] for word in rarest(list(alone), audience_ids, NEAR_WORDS)]
    if not parts:
        return []
    query = _Query(" | ".join(f"({part})" for part in parts), audience_ids, languages[0], kind)
    shown = {row.url for row in results.rows}
    found = _highlighted(_nearest(query, parts)[: NEAR_AT_MOST + len(shown)], query.text)
    return [each for each in found if each.url not in shown][:NEAR_AT_MOST]


def _nearest(query: _Query, parts: Sequence[str]) -> list[_Match]:
    """Those with most of the words first; a word counts the more, the fewer of the candidates have it."""
    where, readable = query.where
    sql = f"""
        {BY_EITHER} WITH candidate AS MATERIALIZED (
            (SELECT id FROM search_searchdocument WHERE short_vector @@ %s::tsquery AND {where}
             ORDER BY {FIRST} LIMIT {RANK_BY_BODY_AT_MOST})
            UNION
            (SELECT id FROM search_searchdocument WHERE vector @@ %s::tsquery AND {where}
             ORDER BY {FIRST} LIMIT {RANK_BY_BODY_AT_MOST})
        ), fits AS MATERIALIZED (
            SELECT document.id, part, ts_rank(document.short_vector, part::tsquery) AS rank
            FROM candidate JOIN search_searchdocument AS document USING (id), unnest(%s::text[]) AS part
            WHERE document.vector @@ part::tsquery
        ), says AS (
            SELECT part, ln(1 + (SELECT count(*) FROM candidate)::float / count(*)) AS much FROM fits GROUP BY part
        )
        SELECT document.id, kind, object_id, language
        FROM fits JOIN says USING (part) JOIN search_searchdocument AS document USING (id)
        GROUP BY document.id ORDER BY sum(much * (0.5 + weight * rank)) DESC, changed_at DESC LIMIT {2 * NEAR_AT_MOST}
    """  # noqa: S608 - our own words; every value is a parameter
    values = [query.text, *readable, query.text, *readable, list(parts)]
    return _once([_Match(*row) for row in fetched(sql, values)], query.language)


def _kinds(matches: Sequence[_Match]) -> dict[str, int]:
    """Objects per kind."""
    return Counter(kind for kind, _object_id in {(each.kind, each.object_id) for each in matches})


def _counts(query: _Query) -> dict[str, int]:
    """Per kind, as far as is counted."""
    matching, values = query.matching
    sql = f"""
        {BY_INDEX} SELECT kind, count(DISTINCT object_id) FROM (
            SELECT kind, object_id FROM {matching} LIMIT {query.at_most + 1}
        ) AS counted GROUP BY kind
    """  # noqa: S608 - our own words; every value is a parameter
    return dict(fetched(sql, values))


def _total(chosen: _Query, counts: dict[str, int], every: int) -> int:
    if chosen.kind is None:
        return every
    return sum(_counts(chosen).values()) if every > chosen.at_most else counts.get(chosen.kind, 0)


def _ranked(query: _Query, first: Sequence[_Match], total: int, every: int, wanted: int) -> list[_Match]:
    """As many as wanted, the best first. Few matches are ranked by all words; of many, titles and leads come first."""
    if every <= RANK_BY_BODY_AT_MOST and not query.has_phrase:
        return _once(_best(query, "vector", RANK_BY_BODY_AT_MOST), query.language)[:wanted]
    found = _once(first, query.language)
    if len(found) < min(total, wanted):
        found = _once([*first, *_others(query)], query.language)
    return found[:wanted]


def _once(documents: Iterable[_Match], language: str) -> list[_Match]:
    """An object with texts in two languages at its better place, with the text in the reader's language."""
    found: dict[tuple[str, int], _Match] = {}
    for each in documents:
        key = (each.kind, each.object_id)
        if key not in found or (each.language == language != found[key].language):
            found[key] = each
    return list(found.values())


def _best(query: _Query, vector: str, candidates: int) -> list[_Match]:
    where, readable = query.where
    # A phrase is rarer than its words, by which the planner judges it.
    sql = f"""
        {BY_INDEX if query.has_phrase else BY_EITHER} SELECT id, kind, object_id, language FROM (
            SELECT id, kind, object_id, language, {vector}, weight, changed_at FROM search_searchdocument
            WHERE {vector} @@ %s::tsquery AND {where}
            ORDER BY {FIRST} LIMIT {candidates}
        ) AS candidate ORDER BY weight * ts_rank({vector}, %s::tsquery, 1) DESC, changed_at DESC, id
    """  # noqa: S608 - our own words; every value is a parameter
    return [_Match(*row) for row in fetched(sql, [query.text, *readable, query.text])]


def _others(query: _Query) -> list[_Match]:
    matching, values = query.matching
    sql = f"""
        {BY_INDEX} SELECT id, kind, object_id, language FROM (
            SELECT id, kind, object_id, language, changed_at FROM {matching} LIMIT {query.at_most}
        ) AS candidate ORDER BY changed_at DESC
    """  # noqa: S608 - our own words; every value is a parameter
    return [_Match(*row) for row in fetched(sql, values)]


def _highlighted(matches: Sequence[_Match], query: str) -> list[Found]:
    """Only the rows that are shown are read whole and marked."""
    sql = """
        SELECT id, kind, title, url, language, ts_headline(
            (CASE language WHEN 'es' THEN 'spanish' ELSE 'english' END)::regconfig,
            CASE WHEN starts_with(body, left(lead, 40)) THEN '' ELSE lead || ' ' END || left(body, 20000),
            %s::tsquery, %s)
        FROM search_searchdocument WHERE id = ANY(%s)
    """
    labels = document_labels()
    ids = [each.document_id for each in matches]
    found = {
        row_id: Found(kind, labels.get(kind, kind), title, url, marked(snippet), language)
        for row_id, kind, title, url, language, snippet in (fetched(sql, [query, HEADLINE, ids]) if ids else [])
    }
    return [found[each] for each in ids if each in found]


def marked(text: str) -> SafeString:
    safe = str(escape(text)).replace(MARK, "<mark>").replace(UNMARK, "</mark>")
    return mark_safe(safe)  # noqa: S308 - escaped first


def _suggestions(query: _Query, limit: int) -> list[tuple[Any, ...]]:
    if not query.text:
        return []
    where, readable = query.where
    sql = f"""
        {BY_EITHER} SELECT id, kind, object_id, language, title, url, left(lead, 160) FROM (
            SELECT id, kind, object_id, language, title, url, lead, short_vector, weight, changed_at
            FROM search_searchdocument WHERE short_vector @@ %s::tsquery AND {where}
            ORDER BY {FIRST} LIMIT {SUGGEST_CANDIDATES}
        ) AS candidate ORDER BY weight * ts_rank(short_vector, %s::tsquery, 1) DESC, changed_at DESC LIMIT %s
    """  # noqa: S608 - our own words; every value is a parameter
    rows = fetched(sql, [query.text, *readable, query.text, 2 * limit])
    shown = {row[0]: (row[1], *row[4:], row[3]) for row in rows}
    return [shown[each.document_id] for each in _once((_Match(*row[:4]) for row in rows), query.language)[:limit]]
