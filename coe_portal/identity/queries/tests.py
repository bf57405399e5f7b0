"""What came in a test, and what it would mean for whoever came."""

from collections.abc import Sequence
from dataclasses import dataclass

from coe_portal.identity.models import IdentityProvider, MappingRule, ProviderTest
from coe_portal.identity.queries.links import Unknown, person_for
from coe_portal.identity.queries.mapping import Gift, gifts
from coe_portal.identity.traits import Traits, traits_of
from coe_portal.people.models import User


@dataclass(frozen=True)
class Outcome:
    """`person` is who would be found by number or address at a first sign-in; `why` is why nobody would come in."""

    traits: Traits
    gifts: Sequence[Gift]
    person: User | None
    why: str


def newest_test(provider: IdentityProvider) -> ProviderTest | None:
    return ProviderTest.objects.filter(provider=provider).select_related("by").first()


def outcome_of(provider: IdentityProvider, test: ProviderTest, rules: list[MappingRule]) -> Outcome:
    traits = traits_of(provider, test.attributes)
    person, why = None, ""
    try:
        person = person_for(provider, traits)
    except Unknown as unknown:
        why = unknown.why
    return Outcome(traits, gifts(rules, traits.attributes), person, why)
