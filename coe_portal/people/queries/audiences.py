"""Audiences as their pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from coe_portal.people.models import Audience, AudienceMember
from coe_portal.people.queries.wording import names_for, rule_in_words


@dataclass(frozen=True)
class AudienceRow:
    """An audience, its rule in words and how many people it hits."""

    audience: Audience
    rule: str
    people: int


def audience_rows() -> list[AudienceRow]:
    found = list(Audience.objects.with_sizes().select_related("made_by").order_by("-is_everyone", "name"))
    names = names_for(each.parsed for each in found)
    return [
        AudienceRow(each, rule_in_words(each.parsed, names, is_everyone=each.is_everyone), each.size) for each in found
    ]


def audience_in_words(audience: Audience) -> str:
    return rule_in_words(audience.parsed, names_for([audience.parsed]), is_everyone=audience.is_everyone)


def members_among(audience_ids: Iterable[int], person_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs of audience and person: who of these is in which of those."""
    found = AudienceMember.objects.filter(audience__in=set(audience_ids), person__in=set(person_ids))
    return set(found.values_list("audience_id", "person_id"))
