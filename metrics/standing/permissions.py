from coe_portal.people.access import Role
from coe_portal.people.models import User
from metrics.standing.models import Rating

GROUPS = {
    Role.EXECUTIVE: Rating.Group.EXECUTIVE,
    Role.STRATEGIST: Rating.Group.STRATEGIST,
    Role.COORDINATOR: Rating.Group.COORDINATOR,
}


def rater_group(person: User) -> Rating.Group | None:
    """Whose eyes somebody answers with: the farthest-reaching role counts."""
    return next((group for role, group in GROUPS.items() if person.access.has(role)), None)


def can_see_standing(person: User) -> bool:
    return rater_group(person) is not None


def can_lead_standing(person: User) -> bool:
    """Open a round, keep the library: how the whole organisation stands, so not with a role for a branch."""
    return person.access.reaches(Role.STRATEGIST, None)
