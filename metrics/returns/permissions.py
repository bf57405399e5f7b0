from coe_portal.people.access import Reach, Role
from coe_portal.people.models import User


def can_see_returns(person: User) -> bool:
    """What things cost and bring in concerns those who decide and those who plan."""
    return person.access.has(Role.STRATEGIST, Role.EXECUTIVE)


def returns_of(person: User) -> Reach:
    """Whose costs and returns the pages show."""
    return person.access.reach(Role.STRATEGIST, Role.EXECUTIVE)


def can_record_returns(person: User) -> bool:
    """Of which departments is asked of recorded_by and can_record_for."""
    return person.is_strategist


def recorded_by(person: User) -> Reach:
    """A strategist for a branch enters what belongs to the branch."""
    return person.access.reach(Role.STRATEGIST)


def can_record_for(person: User, department_id: int | None) -> bool:
    return person.access.reaches(Role.STRATEGIST, department_id)


def can_decide_for_all(person: User) -> bool:
    """What finance agreed and what is assumed holds for every return: that is not a branch's to set."""
    return person.access.reaches(Role.STRATEGIST, None)
