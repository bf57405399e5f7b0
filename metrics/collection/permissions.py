"""Who may do what with the collection of figures."""

from coe_portal.channels.models import Channel
from coe_portal.people.access import Role
from coe_portal.people.models import User


def can_see_collection(person: User) -> bool:
    """The health of every stream."""
    return person.access.has(Role.STRATEGIST, Role.ADMINISTRATOR)


def can_collect_now(person: User, channel: Channel) -> bool:
    return person.access.reaches(Role.STRATEGIST, channel.department_id)


def can_enter_figures(person: User, channel: Channel) -> bool:
    """By hand, or from a file: strategists, and coordinators for what their branch owns."""
    return person.access.reaches(Role.STRATEGIST, channel.department_id) or (
        channel.department_id is not None and person.access.reaches(Role.COORDINATOR, channel.department_id)
    )
