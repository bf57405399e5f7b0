"""Flag, pin, lock, move, remove and restore; release or refuse what is held."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.people.models import User
from feedback import permissions
from feedback.actions import common
from feedback.models import Category, Flag, Hold, Post, Story, Topic


def _moderated(by: User, text: Topic | Post) -> Topic:
    """The topic, locked for a change of it or of the post in it."""
    if not permissions.can_moderate(by, text.author_id):
        raise PermissionDenied
    topics = Topic.objects.select_for_update(no_key=True).select_related("category")
    found: Topic = topics.get(pk=text.topic_id if isinstance(text, Post) else text.pk)
    return found


@transaction.atomic
def pin(*, by: User, topic: Topic, pinned: bool) -> None:
    locked = _moderated(by, topic)
    Topic.objects.filter(pk=topic.pk).update(is_pinned=pinned)
    common.record(by=by, verb="pinned" if pinned else "unpinned", on=locked)
    bump("feedback.categories")
    common.changed(locked)


@transaction.atomic
def lock(*, by: User, topic: Topic, locked: bool) -> None:
    found = _moderated(by, topic)
    Topic.objects.filter(pk=topic.pk).update(is_locked=locked)
    common.record(by=by, verb="locked" if locked else "unlocked", on=found)
    common.changed(found)


@transaction.atomic
def move(*, by: User, topic: Topic, category: Category) -> None:
    """The new category's audience counts from now on, in lists, search and for followers."""
    locked = _moderated(by, topic)
    if locked.category_id == category.pk:
        return
    Topic.objects.filter(pk=topic.pk).update(category=category)
    for category_id in (locked.category_id, category.pk):
        common.recount_category(category_id)
    common.record(by=by, verb="moved", on=locked, before=locked.category_id, after=category.pk)
    bump("feedback.categories")
    common.changed(locked)


@transaction.atomic
def remove(*, by: User, post: Post, reason: str, at: datetime) -> None:
    """Removing the first post removes the topic. The author is told the reason."""
    topic = _moderated(by, post)
    if post.removed_at is not None:
        return
    Post.objects.filter(pk=post.pk).update(
        removed_at=at, removed_by=by, removal_reason=reason, version=F("version") + 1
    )
    if post.is_first:
        Topic.objects.filter(pk=topic.pk).update(removed_at=at)
    if topic.accepted_id == post.pk:
        common.forget_answer(topic)
    common.recount(topic)
    _tell(
        post.author_id,
        by,
        "feedback.removed",
        topic.title,
        _url_for_author(post),
        f"feedback.removed:{post.pk}:{at.isoformat()}",
    )
    common.record(by=by, verb="removed", on=post)
    common.changed(topic)


def _url_for_author(post: Post) -> str:
    """A removed topic is gone for its author too; the way leads to the category."""
    return post.topic.category.get_absolute_url() if post.is_first else post.get_absolute_url()


def _tell(person_id: int, by: User, kind: str, subject: str, url: str, key: str) -> None:
    if person_id != by.pk:
        notify(person_ids=[person_id], kind=kind, subject=subject, url=url, key=key)


@transaction.atomic
def restore(*, by: User, post: Post) -> None:
    topic = _moderated(by, post)
    Post.objects.filter(pk=post.pk).update(
        removed_at=None, removed_by=None, removal_reason="", version=F("version") + 1
    )
    if post.is_first:
        Topic.objects.filter(pk=topic.pk).update(removed_at=None)
    common.recount(topic)
    common.record(by=by, verb="restored", on=post)
    common.changed(topic)


@transaction.atomic
def flag(*, by: User, post: Post, reason: str, note: str, at: datetime) -> None:
    """Once a person; a second flag of the same person changes nothing."""
    if not permissions.can_flag(by, post):
        raise PermissionDenied
    found, made = Flag.objects.get_or_create(
        post=post, person=by, defaults={"reason": reason, "note": note, "created_at": at}
    )
    if made:
        common.record(by=by, verb="flagged", on=post, reason=found.reason)
        bump("feedback.review")


@transaction.atomic
def decide_flags(*, by: User, post: Post, upheld: bool, reason: str, at: datetime) -> None:
    """All flags on the post at once. Upheld ones remove it."""
    if not permissions.can_moderate(by, post.author_id):
        raise PermissionDenied
    Flag.objects.filter(post=post).waiting().update(decided_by=by, decided_at=at, upheld=upheld)
    if upheld:
        remove(by=by, post=post, reason=reason, at=at)
    common.record(by=by, verb="upheld flags" if upheld else "dismissed flags", on=post)
    bump("feedback.review")


@transaction.atomic
def release(*, by: User, hold: Hold, at: datetime) -> None:
    """The text appears as if it had just been written."""
    found = _decide(by, hold, Hold.Outcome.RELEASED, "", at)
    if found is None:
        return
    if found.post is not None:
        _release_post(found.post, at)
    if found.story is not None:
        Story.objects.filter(pk=found.story.pk).update(is_held=False)
        bump("feedback.stories", f"person:{found.story.submitter_id}")
    _tell_outcome(found, by, "feedback.released")


@transaction.atomic
def refuse(*, by: User, hold: Hold, reason: str, at: datetime) -> None:
    """The text stays its author's alone, with the reason; an edit without findings sends it again."""
    found = _decide(by, hold, Hold.Outcome.REFUSED, reason, at)
    if found is not None:
        _tell_outcome(found, by, "feedback.refused")


def _decide(by: User, hold: Hold, outcome: str, reason: str, at: datetime) -> Hold | None:
    if not permissions.can_review(by):
        raise PermissionDenied
    visible = Hold.objects.visible_to(by)
    found: Hold | None = visible.select_for_update(of=("self",)).waiting().filter(pk=hold.pk).first()
    if found is None:
        return None
    Hold.objects.filter(pk=hold.pk).update(decided_by=by, decided_at=at, outcome=outcome, reason=reason)
    common.record(by=by, verb=outcome, on=found, post=found.post_id, story=found.story_id)
    bump("feedback.review")
    return found


def _release_post(post: Post, at: datetime) -> None:
    topic = Topic.objects.select_for_update(no_key=True).select_related("category").get(pk=post.topic_id)
    Post.objects.filter(pk=post.pk).update(is_held=False, created_at=at, version=F("version") + 1)
    if post.is_first:
        Topic.objects.filter(pk=topic.pk).update(is_held=False)
    topic.refresh_from_db()
    common.recount(topic)
    if not post.is_first:
        common.tell_followers(topic, post)
    common.changed(topic)


def _tell_outcome(hold: Hold, by: User, kind: str) -> None:
    subject: Topic | Story = hold.post.topic if hold.post else hold.story  # type: ignore[assignment]
    author_id = hold.post.author_id if hold.post else hold.story.submitter_id  # type: ignore[union-attr]
    url = hold.post.get_absolute_url() if hold.post else subject.get_absolute_url()
    _tell(author_id, by, kind, subject.title, url, f"{kind}:{hold.pk}")
