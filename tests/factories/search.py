from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from coe_portal.search.models import SearchDocument


class SearchDocumentFactory(DjangoModelFactory):
    class Meta:
        model = SearchDocument

    kind = "policy"
    object_id = factory.Sequence(lambda n: n + 1)
    title = "Photos of patients"
    lead = ""
    body = ""
    url = factory.Sequence(lambda n: f"/policies/{n}/")
    audience = None
    changed_at = datetime(2026, 3, 1, tzinfo=UTC)
