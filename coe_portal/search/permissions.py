"""Who may look after the search."""

from coe_portal.people.models import User


def may_tend_search(person: User) -> bool:
    return person.is_active and person.is_strategist
