"""Keep the index equal to what the apps contribute."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection, transaction

from coe_portal.contributions import Document, document_sources
from coe_portal.core.versions import bump
from coe_portal.search.models import SearchDocument, SearchWord

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
    ON CONFLICT (word, audience_id) DO NOTHING
"""
FIELDS = ["title", "lead", "body", "url", "audience", "changed_at"]


@transaction.atomic
def refresh(kind: str, object_ids: Collection[int]) -> None:
    """Called after a write: what the app still contributes is written, what it no longer does is removed."""
    documents = list(document_sources()[kind](object_ids))
    _write(documents)
    _add_words("kind = %s AND object_id = ANY(%s)", [kind, list(object_ids)])
    kept = {document.object_id for document in documents}
    SearchDocument.objects.filter(kind=kind, object_id__in=set(object_ids) - kept).delete()
    bump("search")


@transaction.atomic
def rebuild() -> int:
    """The whole index anew, from all apps; returns the number of documents."""
    written = 0
    for kind, source in document_sources().items():
        documents = list(source(None))
        _write(documents)
        SearchDocument.objects.filter(kind=kind).exclude(object_id__in=[each.object_id for each in documents]).delete()
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


def _add_words(chosen: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WORDS.format(chosen=chosen), parameters)


def _storable(text: str) -> str:
    """A text without the one character that PostgreSQL refuses; words on both sides of it stay apart."""
    return str(text).replace("\x00", " ")


def _write(documents: Iterable[Document]) -> None:
    SearchDocument.objects.bulk_create(
        [
            SearchDocument(
                kind=each.kind,
                object_id=each.object_id,
                title=_storable(each.title)[:300],
                lead=_storable(each.lead),
                body=_storable(each.body)[:BODY_AT_MOST],
                url=each.url,
                audience_id=each.audience_id,
                changed_at=each.changed_at,
            )
            for each in documents
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=FIELDS,
        batch_size=1_000,
    )
