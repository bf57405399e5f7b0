"""Keep the index equal to what the apps contribute."""

from collections.abc import Collection, Iterable

from django.db import transaction

from coe_portal.contributions import Document, document_sources
from coe_portal.core.versions import bump
from coe_portal.search.models import SearchDocument

FIELDS = ["title", "lead", "body", "url", "audience", "changed_at"]


@transaction.atomic
def refresh(kind: str, object_ids: Collection[int]) -> None:
    """Called after a write: what the app still contributes is written, what it no longer does is removed."""
    documents = list(document_sources()[kind](object_ids))
    _write(documents)
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
    bump("search")
    return written


def _write(documents: Iterable[Document]) -> None:
    SearchDocument.objects.bulk_create(
        [
            SearchDocument(
                kind=each.kind,
                object_id=each.object_id,
                title=each.title[:300],
                lead=each.lead,
                body=each.body,
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
