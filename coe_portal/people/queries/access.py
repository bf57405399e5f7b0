from datetime import date

from coe_portal.people.access import Access, today
from coe_portal.people.models import AudienceMember, Membership, RoleGrant, User
from coe_portal.people.queries.departments import branch_ids


def access_of(person: User, on: date) -> Access:
    grants = list(RoleGrant.objects.on(on).filter(person=person).values_list("role", "branch_id"))
    branches: dict[str, frozenset[int] | None] = {}
    for role in {granted for granted, _branch in grants}:
        roots = [branch for granted, branch in grants if granted == role]
        branches[role] = None if None in roots else branch_ids(roots, on)
    joined_on = dict(AudienceMember.objects.filter(person=person).values_list("audience_id", "joined_on"))
    return Access(
        branches=branches,
        department_ids=frozenset(
            Membership.objects.on(on).filter(person=person).values_list("department_id", flat=True)
        ),
        audience_ids=frozenset(joined_on),
        joined_on=joined_on,
    )


def access_today(person: User) -> Access:
    return access_of(person, today())
