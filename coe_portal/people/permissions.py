"""Who may see and change what about people."""

from coe_portal.people.access import Role
from coe_portal.people.models import User


def may_administer(person: User) -> bool:
    return person.is_administrator


def may_read_audit_trail(person: User) -> bool:
    return person.access.has(Role.PRIVACY_OFFICER, Role.ADMINISTRATOR)


def may_manage_audiences(person: User) -> bool:
    return person.access.has(Role.STRATEGIST, Role.ADMINISTRATOR)


def may_see_roles(person: User) -> bool:
    return person.access.has(Role.STRATEGIST, Role.ADMINISTRATOR)


def may_see_all_roles(person: User) -> bool:
    """Who has what where, by name: for those who give roles and those who answer for them."""
    return may_read_audit_trail(person)


def may_coordinate(person: User, department_id: int) -> bool:
    return person.access.reaches(Role.COORDINATOR, department_id)


def may_deactivate(person: User, other: User) -> bool:
    """Nobody locks themselves out."""
    return may_administer(person) and person.pk != other.pk
