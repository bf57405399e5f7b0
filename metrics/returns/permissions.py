from coe_portal.people.access import Role
from coe_portal.people.models import User


def can_see_returns(person: User) -> bool:
    """What things cost and bring in concerns those who decide and those who plan."""
    return person.access.has(Role.STRATEGIST, Role.EXECUTIVE)


def can_record_returns(person: User) -> bool:
    return person.is_strategist
