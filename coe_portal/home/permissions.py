from coe_portal.people.models import User
from coe_portal.people.permissions import may_administer, may_read_audit_trail


def sees_administration(person: User) -> bool:
    """Whoever may do at least one thing that the page leads to."""
    return may_administer(person) or may_read_audit_trail(person)


def coordinates(person: User) -> bool:
    return person.is_coordinator
