"""What can be found, the words for "did you mean", what means the same, and what was looked for in vain."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, F, GeneratedField, Q, When
from django.db.models.expressions import CombinedExpression
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import Audience, User

# The way PostgreSQL cuts the words of a language down to their stems.
STEMS = {"en": "english", "es": "spanish"}


def _short(stems: str) -> CombinedExpression:
    """Stems find what was written in another form; the title's plain words let half a word find it while typing."""
    title = SearchVector(F("title"), weight="A", config=stems) + SearchVector(F("title"), weight="A", config="simple")
    return title + SearchVector(F("lead"), weight="B", config=stems)


def _long(stems: str) -> CombinedExpression:
    return _short(stems) + SearchVector(F("body"), weight="D", config=stems)


def _by_language(english: CombinedExpression, spanish: CombinedExpression) -> Any:
    vector = Case(When(language="es", then=spanish), default=english, output_field=SearchVectorField())
    return GeneratedField(expression=vector, output_field=SearchVectorField(), db_persist=True)


class VisibleQuerySet(models.QuerySet["SearchDocument"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(Q(audience__isnull=True) | Q(audience_id__in=person.access.audience_ids))


class SearchDocument(models.Model):
    """One thing that can be found, whatever app it lives in; in two languages it is two documents."""

    kind = models.CharField(_("kind"), max_length=30)
    object_id = models.BigIntegerField(_("object"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(_("title"), max_length=300)
    lead = models.TextField(_("lead"), blank=True)
    body = models.TextField(_("body"), blank=True)
    url = models.CharField(_("address"), max_length=300)
    # Without an index of its own, which the planner would join with that of the words and lose by it.
    audience = models.ForeignKey(Audience, models.CASCADE, null=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField(_("changed"))
    weight = models.FloatField(_("weight"), default=1.0, db_default=1.0)
    short_vector = _by_language(_short("english"), _short("spanish"))
    vector = _by_language(_long("english"), _long("spanish"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "language"], name="search_document_once")]
        indexes = [
            GinIndex(fields=["vector"], name="search_long", fastupdate=False),
            GinIndex(fields=["short_vector"], name="search_short", fastupdate=False),
            models.Index(fields=["-weight", "-changed_at"], name="search_first"),
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


class Synonym(models.Model):
    """Words that mean the same to a search. With `also` it goes one way: who types a word also finds those,
    and who types those does not find the word."""

    words = ArrayField(models.CharField(max_length=60), verbose_name=_("words"))
    also = ArrayField(models.CharField(max_length=60), verbose_name=_("also finds"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        constraints = [
            models.CheckConstraint(
                condition=Q(words__len__gte=2) | Q(words__len=1, also__len__gte=1), name="search_synonym_of_something"
            )
        ]
        indexes = [models.Index(fields=["-changed_at", "-id"], name="search_synonym_newest")]

    def __str__(self) -> str:
        words = ", ".join(self.words)
        return f"{words} > {', '.join(self.also)}" if self.also else words


class MissedTerm(models.Model):
    """What was looked for in a week and not found. Nobody's name is known, and it is written down only when
    several people have asked for it."""

    term = models.CharField(_("looked for"), max_length=100)
    week = models.DateField(_("week from"))
    times = models.PositiveIntegerField(_("times"))
    people = models.PositiveIntegerField(_("people"))

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        constraints = [models.UniqueConstraint(fields=["week", "term"], name="search_missed_once")]

    def __str__(self) -> str:
        return self.term


class SettledTerm(models.Model):
    """A strategist has seen to a term that was looked for in vain."""

    term = models.CharField(_("looked for"), max_length=100, unique=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(_("settled"))

    class Meta:
        verbose_name = _("settled search term")
        verbose_name_plural = _("settled search terms")

    def __str__(self) -> str:
        return self.term
