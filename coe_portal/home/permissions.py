from coe_portal.people.models import User


def coordinates(person: User) -> bool:
    return person.is_coordinator
