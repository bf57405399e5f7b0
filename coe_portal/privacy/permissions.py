"""Who may look after the privacy of others."""

from coe_portal.people.access import Role
from coe_portal.people.models import User
from coe_portal.privacy.models import Erasure


def may_look_after_privacy(person: User) -> bool:
    return person.is_privacy_officer


def may_propose_erasures(person: User) -> bool:
    return person.is_administrator


def may_see_erasures(person: User) -> bool:
    return person.access.has(Role.PRIVACY_OFFICER, Role.ADMINISTRATOR)


def may_decide(person: User, erasure: Erasure) -> bool:
    """Four eyes: not who proposed it, and not about oneself."""
    return person.is_privacy_officer and person.pk not in {erasure.proposed_by_id, erasure.person_id}
