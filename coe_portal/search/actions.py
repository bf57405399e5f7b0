"""Keep the index equal to what the apps contribute, and what strategists add to it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from coe_portal.audit import actions as audit
from coe_portal.contributions import Document, document_sources
from coe_portal.core.versions import bump
from coe_portal.people.models import User
from coe_portal.search import misses
from coe_portal.search.models import STEMS, MissedTerm, SearchDocument, SearchWord, SettledTerm, Synonym
from coe_portal.search.statements import fetched
from coe_portal.search.synonyms import VERSION

BODY_AT_MOST = 200_000
WORDS = """
    INSERT INTO search_searchword (word, audience_id, documents)
    SELECT word, audience_id, count(*) FROM (
        SELECT document.audience_id, unnest(tsvector_to_array(
            to_tsvector('simple', title || ' ' || lead || ' ' || body))) AS word
        FROM search_searchdocument AS document WHERE {chosen}
    ) AS written
    WHERE length(word) BETWEEN 3 AND 40 AND word ~ '^[[:alpha:]]+$'
    GROUP BY word, audience_id
    -- In one order for everybody: two who add the same words at the same time would otherwise wait for each other.
    ORDER BY word, audience_id
    ON CONFLICT (word, audience_id) DO NOTHING
"""
# A word that many documents held last night is not looked up: it is in another one, and the night counts anew.
LOOKED_UP_AT_MOST = 20
LEFT_OVER = """
    DELETE FROM search_searchword WHERE id IN (
        SELECT offered.id FROM search_searchword AS offered
        JOIN unnest(%s::text[], %s::bigint[]) AS was (word, audience_id)
            ON offered.word = was.word AND offered.audience_id IS NOT DISTINCT FROM was.audience_id
        CROSS JOIN LATERAL (
            SELECT plainto_tsquery('english', was.word) || plainto_tsquery('spanish', was.word) AS stems
        ) AS sought
        WHERE offered.documents <= %s AND NOT EXISTS (
            SELECT FROM search_searchdocument AS document
            WHERE document.audience_id IS NOT DISTINCT FROM was.audience_id AND document.vector @@ sought.stems
        )
        ORDER BY offered.id FOR UPDATE OF offered SKIP LOCKED
    )
"""
FIELDS = ["title", "lead", "body", "url", "audience", "changed_at", "weight"]


@transaction.atomic
def refresh(kind: str, object_ids: Collection[int]) -> None:
    """Called after a write: what the app still contributes is written, what it no longer does is removed."""
    before = _words_in(kind, object_ids)
    documents = list(document_sources()[kind](object_ids))
    _write(documents)
    _add_words("kind = %s AND object_id = ANY(%s)", [kind, list(object_ids)])
    kept = {(document.object_id, document.language) for document in documents}
    known = SearchDocument.objects.filter(kind=kind, object_id__in=object_ids)
    gone = [pk for pk, *which in known.values_list("pk", "object_id", "language") if tuple(which) not in kept]
    SearchDocument.objects.filter(pk__in=gone).delete()
    _take_out(before - _words_in(kind, object_ids))
    bump("search")


@transaction.atomic
def rebuild() -> int:
    """The whole index anew, from all apps; returns the number of documents."""
    written = 0
    for kind, source in document_sources().items():
        documents = list(source(None))
        _write(documents)
        for language in STEMS:
            here = [each.object_id for each in documents if each.language == language]
            SearchDocument.objects.filter(kind=kind, language=language).exclude(object_id__in=here).delete()
        written += len(documents)
    SearchDocument.objects.exclude(kind__in=document_sources()).delete()
    rebuild_words()
    bump("search")
    return written


@transaction.atomic
def rebuild_words() -> None:
    """Count the words anew: those that were only in documents since removed are offered no more."""
    SearchWord.objects.all().delete()
    _add_words("TRUE", [])


@transaction.atomic
def save_synonym(*, by: User, synonym: Synonym, fields: Mapping[str, Any]) -> Synonym:
    """Searches use it from the moment this is committed."""
    verb = "synonym.changed" if synonym.pk else "synonym.added"
    for name, value in fields.items():
        setattr(synonym, name, value)
    synonym.save()
    audit.record(by=by, verb=verb, on=synonym)
    bump(VERSION)
    return synonym


@transaction.atomic
def remove_synonym(*, by: User, synonym: Synonym) -> None:
    audit.record(by=by, verb="synonym.removed", on=synonym)
    synonym.delete()
    bump(VERSION)


@transaction.atomic
def note_misses(*, on: date) -> None:
    """What enough people have looked for in vain, this week and last. Sums, not steps: safe to run twice."""
    for week in (misses.week_of(on), misses.week_of(on) - timedelta(weeks=1)):
        rows = [
            MissedTerm(week=week, term=term, times=each.times, people=each.people)
            for term, each in misses.of_week(week).items()
            if each.is_common
        ]
        MissedTerm.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["week", "term"], update_fields=["times", "people"]
        )


@transaction.atomic
def settle(*, by: User, term: str, at: datetime) -> None:
    """Seen to; looked for in vain in a later week it comes back."""
    found, _made = SettledTerm.objects.update_or_create(term=term, defaults={"settled_by": by, "settled_at": at})
    audit.record(by=by, verb="search_term.settled", on=found)


@transaction.atomic
def reopen(*, by: User, term: str) -> None:
    for found in SettledTerm.objects.filter(term=term):
        audit.record(by=by, verb="search_term.reopened", on=found)
        found.delete()


def _add_words(chosen: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WORDS.format(chosen=chosen), parameters)


def _words_in(kind: str, object_ids: Collection[int]) -> set[tuple[str, int | None]]:
    """The words of these documents, each with the audience that may read it."""
    sql = """
        SELECT DISTINCT
            unnest(tsvector_to_array(to_tsvector('simple', title || ' ' || lead || ' ' || body))), audience_id
        FROM search_searchdocument WHERE kind = %s AND object_id = ANY(%s)
    """
    return {(word, audience_id) for word, audience_id in fetched(sql, [kind, list(object_ids)])}


def _take_out(words: Collection[tuple[str, int | None]]) -> None:
    """What no document of an audience holds any more is offered no more to those who mistype."""
    if words:
        texts, audience_ids = zip(*sorted(words, key=str), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(LEFT_OVER, [list(texts), list(audience_ids), LOOKED_UP_AT_MOST])


def _storable(text: str) -> str:
    """A text without the one character that PostgreSQL refuses; words on both sides of it stay apart."""
    return str(text).replace("\x00", " ")


def _write(documents: Iterable[Document]) -> None:
    SearchDocument.objects.bulk_create(
        [
            SearchDocument(
                kind=each.kind,
                object_id=each.object_id,
                language=each.language,
                title=_storable(each.title)[:300],
                lead=_storable(each.lead),
                body=_storable(each.body)[:BODY_AT_MOST],
                url=each.url,
                audience_id=each.audience_id,
                changed_at=each.changed_at,
                weight=each.weight,
            )
            for each in documents
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_id", "language"],
        update_fields=FIELDS,
        batch_size=1_000,
    )
