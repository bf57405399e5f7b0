"""Who may do what with announcements, and what the state of one allows."""

from collections.abc import Collection
from datetime import datetime

from coe_portal.announcements.models import NEXT, Announcement, Comment, State
from coe_portal.people.access import Role
from coe_portal.people.models import User


def may_announce(person: User) -> bool:
    return person.is_active and person.is_strategist


def can_become(announcement: Announcement, state: State) -> bool:
    return state in NEXT[State(announcement.state)]


def can_edit(announcement: Announcement) -> bool:
    return announcement.state != State.WITHDRAWN


def may_follow_up(person: User) -> bool:
    """See by name who has not confirmed, of the departments that one's roles reach."""
    return may_announce(person) or (person.is_active and person.is_coordinator)


def branch_followed_up(person: User) -> Collection[int] | None:
    """The departments whose people a person follows up; None is all of them."""
    return person.access.reach(Role.STRATEGIST, Role.COORDINATOR)


def is_reader(person: User, announcement: Announcement) -> bool:
    return announcement.state == State.PUBLISHED and announcement.audience_id in person.access.audience_ids


def may_read(person: User, announcement: Announcement) -> bool:
    """Strategists every one, also drafts; everybody else what is published for them, also past ones."""
    return may_announce(person) or is_reader(person, announcement)


def can_comment(person: User, announcement: Announcement, at: datetime) -> bool:
    """Readers while it is up, and those who announce."""
    is_up = announcement.state == State.PUBLISHED and not announcement.is_expired(at)
    return announcement.comments_on and is_up and (is_reader(person, announcement) or may_announce(person))


def may_change_comment(person: User, comment: Comment, announcement: Announcement, at: datetime) -> bool:
    is_own = comment.author_id == person.pk and not comment.is_removed
    return is_own and comment.is_fresh(at) and can_comment(person, announcement, at)


def may_remove_comment(person: User, comment: Comment, announcement: Announcement) -> bool:
    return may_announce(person) or (announcement.author_id == person.pk and is_reader(person, announcement))


def may_moderate_comments(person: User) -> bool:
    return may_announce(person)
