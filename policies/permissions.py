"""Who may do what. Whether it may be done now is asked of the states."""

from coe_portal.people.access import Role
from coe_portal.people.models import User
from policies.models import OPEN, Acknowledgement, Policy, State, Version, Writer


def can_write(person: User) -> bool:
    return person.is_strategist


def can_edit(person: User, version: Version) -> bool:
    return can_write(person) and version.state in OPEN


def has_written(person: User, version: Version) -> bool:
    return Writer.objects.filter(version=version, person=person).exists()


def can_decide(person: User, version: Version) -> bool:
    """A second pair of eyes: whoever has written on the version cannot approve it nor send it back."""
    return person.is_strategist and version.state == State.IN_REVIEW and not has_written(person, version)


def can_publish(person: User, version: Version) -> bool:
    return can_write(person) and version.state == State.APPROVED


def can_retire(person: User, version: Version) -> bool:
    return can_write(person) and version.state == State.PUBLISHED


def can_see_signatures(person: User) -> bool:
    return person.access.has(Role.STRATEGIST, Role.COORDINATOR)


def can_export_signatures(person: User) -> bool:
    return person.is_strategist


def can_purge(person: User) -> bool:
    return person.is_privacy_officer


def is_asked_to_acknowledge(person: User, policy: Policy) -> bool:
    return policy.must_acknowledge and policy.audience_id in person.access.audience_ids


def can_compare(person: User, old: Version, new: Version) -> bool:
    """Readers compare what is in force with what they have signed; strategists anything with anything."""
    if person.is_strategist:
        return True
    signed = Acknowledgement.objects.filter(person=person, version=old).exists()
    return signed and new.state == State.PUBLISHED and new.policy.audience_id in person.access.audience_ids
