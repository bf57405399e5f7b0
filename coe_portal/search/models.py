from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, GeneratedField, Q
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import Audience, User


class SearchDocumentQuerySet(models.QuerySet["SearchDocument"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(Q(audience__isnull=True) | Q(audience_id__in=person.access.audience_ids))


class SearchDocument(models.Model):
    """One thing that can be found, whatever app it lives in."""

    kind = models.CharField(_("kind"), max_length=30)
    object_id = models.BigIntegerField(_("object"))
    title = models.CharField(_("title"), max_length=300)
    lead = models.TextField(_("lead"), blank=True)
    body = models.TextField(_("body"), blank=True)
    url = models.CharField(_("address"), max_length=300)
    audience = models.ForeignKey(Audience, models.CASCADE, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"))
    short_vector = GeneratedField(
        expression=SearchVector(F("title"), weight="A", config="english")
        + SearchVector(F("lead"), weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    vector = GeneratedField(
        expression=SearchVector(F("title"), weight="A", config="english")
        + SearchVector(F("lead"), weight="B", config="english")
        + SearchVector(F("body"), weight="D", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_document_once")]
        indexes = [GinIndex(fields=["vector"]), GinIndex(fields=["short_vector"], name="search_short")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"
