from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, GeneratedField, Q
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import Audience, User

# Stems find what was written in another form; the title's plain words let half a word find it while typing.
_TITLE = SearchVector(F("title"), weight="A", config="english") + SearchVector(F("title"), weight="A", config="simple")
_LEAD = SearchVector(F("lead"), weight="B", config="english")
_BODY = SearchVector(F("body"), weight="D", config="english")


class VisibleQuerySet(models.QuerySet["SearchDocument"]):
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
    # Without an index of its own, which the planner would join with that of the words and lose by it.
    audience = models.ForeignKey(Audience, models.CASCADE, null=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField(_("changed"))
    short_vector = GeneratedField(expression=_TITLE + _LEAD, output_field=SearchVectorField(), db_persist=True)
    vector = GeneratedField(expression=_TITLE + _LEAD + _BODY, output_field=SearchVectorField(), db_persist=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_document_once")]
        indexes = [
            GinIndex(fields=["vector"], name="search_long", fastupdate=False),
            GinIndex(fields=["short_vector"], name="search_short", fastupdate=False),
            models.Index(fields=["-changed_at"], name="search_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"


class SearchWord(models.Model):
    """A word of the documents of one audience, for "did you mean": nobody is offered a word they may not read."""

    word = models.CharField(_("word"), max_length=40)
    audience = models.ForeignKey(Audience, models.CASCADE, null=True, related_name="+")
    documents = models.PositiveIntegerField(_("documents"), default=1)

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        constraints = [
            models.UniqueConstraint(fields=["word", "audience"], name="search_word_once", nulls_distinct=False)
        ]
        indexes = [GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="search_word_similar")]

    def __str__(self) -> str:
        return self.word
