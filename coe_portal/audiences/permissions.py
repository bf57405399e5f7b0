"""Who may look into audiences and change them."""

from datetime import date

from coe_portal.people.access import Role
from coe_portal.people.models import Audience, PersonQuerySet, User
from coe_portal.people.permissions import may_manage_audiences, may_read_audit_trail


def may_look_back(person: User) -> bool:
    """What was whose on a past day is evidence: for those who answer for it."""
    return may_read_audit_trail(person)


def may_see_members(person: User) -> bool:
    return may_manage_audiences(person) or may_look_back(person)


def may_change(person: User, audience: Audience) -> bool:
    """Strategists of the whole organisation change every audience, as audiences outlive those who made them.

    A strategist of a branch changes their own alone. Nobody changes Everyone.
    """
    if audience.is_everyone or not may_manage_audiences(person):
        return False
    if person.is_administrator or person.access.reach(Role.STRATEGIST) is None:
        return True
    return not audience.pk or audience.made_by_id == person.pk


def seen_by(people: PersonQuerySet, person: User, *, on: date) -> PersonQuerySet:
    """Of these people the ones whose names this reader may see."""
    return people if may_look_back(person) else people.within(person.access.reach(Role.STRATEGIST), on)
