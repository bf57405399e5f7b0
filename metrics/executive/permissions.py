from coe_portal.people.access import Role
from coe_portal.people.models import User
from metrics.executive.models import Ask
from metrics.returns.permissions import can_see_returns, returns_of


def can_see_executive(person: User) -> bool:
    return can_see_returns(person)


def can_ask(person: User) -> bool:
    return person.is_strategist


def can_decide(person: User, ask: Ask) -> bool:
    """A decision is made once, by whose role reaches what it is for; who asked does not grant it to themselves."""
    return (
        person.access.reaches(Role.EXECUTIVE, ask.department_id) and not ask.decision and ask.asked_by_id != person.pk
    )


def can_see_sealed(person: User) -> bool:
    """A month is sealed with the figures of the whole organisation."""
    return returns_of(person) is None


def can_seal(person: User) -> bool:
    return person.access.reaches(Role.STRATEGIST, None)
