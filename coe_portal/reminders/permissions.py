from coe_portal.people.access import Role
from coe_portal.people.models import User


def may_set_thresholds(person: User) -> bool:
    return person.access.has(Role.STRATEGIST, Role.ADMINISTRATOR)
