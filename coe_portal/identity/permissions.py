"""Who may change how people sign in."""

from coe_portal.people.access import Role
from coe_portal.people.models import User


def may_manage_sign_in(person: User) -> bool:
    return person.is_administrator


def may_invite(person: User) -> bool:
    return person.access.has(Role.STRATEGIST, Role.ADMINISTRATOR)


def may_invite_with_roles(person: User) -> bool:
    """A strategist invites employees; who gets a role is the administrator's word."""
    return person.is_administrator
