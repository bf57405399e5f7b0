"""Who may do what with the register: one predicate a question."""

from coe_portal.channels.models import Channel
from coe_portal.people.access import Role
from coe_portal.people.models import User


def can_keep_register(person: User) -> bool:
    """Add, edit and archive accounts, and decide about requests: those of which departments is asked of can_keep."""
    return person.access.has(Role.STRATEGIST)


def can_keep(person: User, department_id: int | None) -> bool:
    """What nobody here owns, such as a peer's account, is for strategists of the whole organisation."""
    return person.access.reaches(Role.STRATEGIST, department_id)


def can_validate(person: User, channel: Channel) -> bool:
    """Strategists, the coordinator of the branch that owns it, and its contacts: they know who looks after it."""
    return (
        can_keep(person, channel.department_id)
        or person.pk in {channel.first_contact_id, channel.second_contact_id}
        or person.access.reaches(Role.COORDINATOR, channel.department_id)
    )


def can_see_safety(person: User, channel: Channel) -> bool:
    """Two-factor state and recovery contact would help an attacker: only for those who look after the account."""
    return can_validate(person, channel) or person.access.has(Role.ADMINISTRATOR)


def can_see_request(person: User, channel: Channel) -> bool:
    return channel.first_contact_id == person.pk or can_validate(person, channel)


def can_see_figures(person: User, channel: Channel) -> bool:
    return bool(Channel.objects.with_figures_for(person).filter(pk=channel.pk).exists())
