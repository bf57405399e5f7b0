"""Who may do what in the forum and with stories. Every predicate assumes that the person can see the object."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol

from coe_portal.people.access import Role, today
from coe_portal.people.models import User
from feedback.models import NEXT, Category, Post, Story, Topic


def moderated(person: User, author_ids: Collection[int]) -> frozenset[int]:
    """Whose texts the person moderates, of these authors. No query for a role for the whole organisation, or none."""
    if not person.is_strategist:
        return frozenset()
    people = User.objects.filter(pk__in=author_ids)
    reach = person.access.reach(Role.STRATEGIST)
    return frozenset(author_ids if reach is None else people.within(reach, today()).values_list("pk", flat=True))


def can_moderate(person: User, author_id: int) -> bool:
    return author_id in moderated(person, [author_id])


def can_purge(person: User) -> bool:
    return person.is_privacy_officer


def can_review(person: User) -> bool:
    return person.is_strategist or person.is_privacy_officer


def can_manage_categories(person: User) -> bool:
    """A category is a room of the whole organisation, or of whatever audience it is for: no branch's to lay out."""
    return person.access.reaches(Role.STRATEGIST, None)


class HasStarters(Protocol):
    """A category, or what is kept of it."""

    @property
    def starters(self) -> str: ...


def can_start(person: User, category: HasStarters) -> bool:
    return person.is_strategist or category.starters == Category.Starters.EVERYONE


def can_reply(person: User, topic: Topic) -> bool:
    return topic.is_published and (not topic.is_locked or can_moderate(person, topic.author_id))


def can_edit(person: User, post: Post) -> bool:
    return post.author_id == person.pk and post.removed_at is None and not post.topic.is_locked


def can_find_helpful(person: User, post: Post) -> bool:
    return post.author_id != person.pk and post.is_published


def can_flag(person: User, post: Post) -> bool:
    return post.author_id != person.pk and post.is_published


def can_see_edits(person: User, post: Post) -> bool:
    return post.author_id == person.pk or can_moderate(person, post.author_id)


def can_accept(person: User, topic: Topic) -> bool:
    """The asker or a strategist says which reply is the answer."""
    return (
        topic.is_question
        and topic.is_published
        and (topic.author_id == person.pk or can_moderate(person, topic.author_id))
    )


def can_be_accepted(topic: Topic, post: Post) -> bool:
    return post.topic_id == topic.pk and not post.is_first and post.is_published


def can_verify(person: User, topic: Topic) -> bool:
    return topic.accepted_id is not None and can_moderate(person, topic.author_id)


def can_claim(person: User, topic: Topic, at: datetime) -> bool:
    """A claim that ran out is nobody's."""
    mine_or_free = not topic.is_claimed(at) or topic.claimed_by_id == person.pk
    return topic.is_question and topic.accepted_id is None and mine_or_free and can_moderate(person, topic.author_id)


def can_hand_in_stories(person: User) -> bool:
    return person.is_active


def can_move(person: User, story: Story) -> bool:
    return person.access.reaches(Role.STRATEGIST, story.department_id)


def may_go_to(story: Story, state: str) -> bool:
    return state in NEXT[story.state]


def is_authorised(story: Story, on: date) -> bool:
    """A story that shows a patient needs an authorisation that is still valid on the day it appears."""
    return not story.shows_patient or story.authorisations.valid(on).exists()
