from coe_portal.people.access import Role
from coe_portal.people.models import User


def can_see_figures(person: User) -> bool:
    """Who has dashboards at all; which channels are in them is asked of `Channel.objects.with_figures_for`."""
    return person.access.has(Role.STRATEGIST, Role.EXECUTIVE, Role.COORDINATOR)


def can_see_all_figures(person: User) -> bool:
    """Those of the whole organisation; a role for a branch has its branch's on the overview."""
    return person.access.reach(Role.STRATEGIST, Role.EXECUTIVE) is None


def can_write_notes(person: User) -> bool:
    return person.is_strategist
