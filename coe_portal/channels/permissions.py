"""Who may do what with the register: one predicate a question."""

from coe_portal.channels.models import Channel
from coe_portal.people.access import Role
from coe_portal.people.models import User


def can_keep_register(person: User) -> bool:
    """Add, edit, validate and archive accounts, and decide about requests."""
    return person.access.has(Role.STRATEGIST)


def can_validate(person: User, channel: Channel) -> bool:
    """Strategists, and the coordinator of the branch that owns it: they know whether it is still looked after."""
    return can_keep_register(person) or person.access.reaches(Role.COORDINATOR, channel.department_id)


def can_see_keepers(person: User, channel: Channel) -> bool:
    """Recovery contact and two-factor state help an attacker: only for those who look after the account."""
    return can_validate(person, channel) or person.access.has(Role.ADMINISTRATOR)


def can_see_figures(person: User, channel: Channel) -> bool:
    return bool(Channel.objects.with_figures_for(person).filter(pk=channel.pk).exists())
