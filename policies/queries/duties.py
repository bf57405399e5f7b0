"""Who still owes an acknowledgement: for many people at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from coe_portal.contributions import Statement
from coe_portal.people.models import AudienceMember, User
from policies.models import Acknowledgement
from policies.queries.shelf import InForce, shelf

# As InForce.due_for says it; greatest() leaves out what is not known.
UNSIGNED = """
    SELECT member.person_id, 'policy',
           greatest(asked.campaign, person.hired_on + asked.days, member.joined_on + asked.days), false
    FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::date[], %s::int[])
         AS asked (policy_id, audience_id, major, campaign, days)
    JOIN people_audiencemember AS member USING (audience_id)
    JOIN people_user AS person ON person.id = member.person_id
    WHERE NOT EXISTS (
        SELECT FROM policies_acknowledgement AS signed
        JOIN policies_version AS version ON version.id = signed.version_id
        WHERE signed.person_id = member.person_id
              AND version.policy_id = asked.policy_id AND version.major = asked.major
    )
"""


@dataclass(frozen=True)
class Duty:
    """One person is asked to acknowledge one policy by a day, and has or has not."""

    person_id: int
    policy: InForce
    due: date
    is_signed: bool
    has_signed_before: bool


def duties_of(person_ids: Collection[int]) -> Iterator[Duty]:
    asked = [each for each in shelf().values() if each.must_acknowledge]
    by_audience: dict[int, list[InForce]] = defaultdict(list)
    for policy in asked:
        by_audience[policy.audience_id].append(policy)
    members = AudienceMember.objects.filter(person_id__in=person_ids, audience_id__in=by_audience)
    hired = dict(User.objects.filter(pk__in=person_ids).values_list("pk", "hired_on"))
    signed = _signed(person_ids, asked)
    for person_id, audience_id, joined_on in members.values_list("person_id", "audience_id", "joined_on"):
        for policy in by_audience[audience_id]:
            majors = signed.get((person_id, policy.policy_id), set())
            due = policy.due_for(hired[person_id], joined_on)
            yield Duty(person_id, policy, due, policy.major in majors, bool(majors))


def unsigned(_on: date) -> Statement:
    """Of everybody, as a contribution says what is owed."""
    asked = [each for each in shelf().values() if each.must_acknowledge]
    columns: list[list[object]] = [
        [each.policy_id for each in asked],
        [each.audience_id for each in asked],
        [each.major for each in asked],
        [each.due_for(None) for each in asked],
        [each.days_to_acknowledge for each in asked],
    ]
    return Statement(UNSIGNED, columns)


def _signed(person_ids: Collection[int], policies: Collection[InForce]) -> dict[tuple[int, int], set[int]]:
    """Per person and policy the major numbers acknowledged."""
    rows = Acknowledgement.objects.filter(
        person_id__in=person_ids, version__policy_id__in=[each.policy_id for each in policies]
    )
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for person_id, policy_id, major in rows.values_list("person_id", "version__policy_id", "version__major"):
        found[person_id, policy_id].add(major)
    return found
