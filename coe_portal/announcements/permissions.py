"""Who may do what with announcements, and what the state of one allows."""

from coe_portal.announcements.models import NEXT, Announcement, State
from coe_portal.people.models import User


def may_announce(person: User) -> bool:
    return person.is_active and person.is_strategist


def can_become(announcement: Announcement, state: State) -> bool:
    return state in NEXT[State(announcement.state)]


def can_edit(announcement: Announcement) -> bool:
    return announcement.state != State.WITHDRAWN
