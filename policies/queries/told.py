"""Whether policies may still be named to those who were told of them."""

import re
from collections.abc import Sequence

from coe_portal.contributions import Told
from coe_portal.people.access import Role, today
from coe_portal.people.models import User
from coe_portal.people.queries import members_among
from policies.models import Policy, Review, Version

KEY = re.compile(r"policies\.(?P<kind>[a-z-]+):(?P<number>[0-9]+)(?::.*)?")
# What is published is named to its audience, what is written to those who write.
OF_READERS = {"published", "review-due"}


def still_seen(told: Sequence[Told]) -> list[bool]:
    """Five queries. A policy that was retired, or is for others by now, is not named to its readers any more."""
    found = [KEY.fullmatch(each.key) for each in told]
    about = [(match["kind"], int(match["number"])) if match else ("", 0) for match in found]
    versions = dict(
        Version.objects.filter(pk__in=_numbers(about, "published", "review")).values_list("pk", "policy_id")
    )
    reviews = dict(Review.objects.filter(pk__in=_numbers(about, "decided")).values_list("pk", "version__policy_id"))
    policies = {"published": versions, "review": versions, "decided": reviews}
    ids = [policies[kind].get(number, 0) if kind in policies else number for kind, number in about]
    in_force = dict(Policy.objects.published().filter(pk__in=ids).values_list("pk", "audience_id"))
    people = {each.person_id for each, policy_id in zip(told, ids, strict=True) if policy_id}
    members = members_among(in_force.values(), people)
    writers = set(
        User.objects.with_role(Role.STRATEGIST, on=today()).filter(pk__in=people).values_list("pk", flat=True)
    )

    def seen(person_id: int, kind: str, policy_id: int) -> bool:
        if kind not in OF_READERS:
            return not kind or (bool(policy_id) and person_id in writers)
        return policy_id in in_force and (person_id in writers or (in_force[policy_id], person_id) in members)

    return [
        seen(each.person_id, kind, policy_id) for each, (kind, _number), policy_id in zip(told, about, ids, strict=True)
    ]


def _numbers(about: Sequence[tuple[str, int]], *kinds: str) -> set[int]:
    return {number for kind, number in about if kind in kinds}
