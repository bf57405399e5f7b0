from coe_portal.people.models import User
from metrics.executive.models import Ask
from metrics.returns.permissions import can_see_returns


def can_see_executive(person: User) -> bool:
    return can_see_returns(person)


def can_ask(person: User) -> bool:
    return person.is_strategist


def can_decide(person: User, ask: Ask) -> bool:
    """A decision is made once; who asked does not grant it to themselves."""
    return person.is_executive and not ask.decision and ask.asked_by_id != person.pk


def can_seal(person: User) -> bool:
    return person.is_strategist
