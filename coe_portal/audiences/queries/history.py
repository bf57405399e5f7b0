"""How audiences came to be what they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from coe_portal.people.models import Audience, AudienceRun, AudienceVersion
from coe_portal.people.queries import names_for, rule_in_words
from coe_portal.people.rules import stored_rule

VERSIONS_SHOWN = 30


@dataclass(frozen=True)
class VersionRow:
    version: AudienceVersion
    words: str


def versions_of(audience: Audience) -> Sequence[VersionRow]:
    """The newest first."""
    versions = list(audience.versions.select_related("by")[:VERSIONS_SHOWN])
    rules = [stored_rule(each.rule) for each in versions]
    names = names_for(rules)
    return [
        VersionRow(version, rule_in_words(rule, names, is_everyone=audience.is_everyone))
        for version, rule in zip(versions, rules, strict=True)
    ]


def runs() -> "QuerySet[AudienceRun]":
    """Each with how many joined and left."""
    found = AudienceRun.objects.select_related("by")
    return found.annotate(joined=Coalesce(Sum("changes__joined"), 0), left=Coalesce(Sum("changes__left"), 0))
