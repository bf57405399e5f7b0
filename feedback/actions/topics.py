"""Start a topic, reply, edit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from coe_portal.core import markdown
from coe_portal.core.versions import bump
from coe_portal.people.models import User
from feedback import permissions
from feedback.actions import common, drafts
from feedback.models import Category, Hold, Post, PostEdit, Topic


@dataclass(frozen=True)
class Text:
    """What somebody typed. `found` names what the guard recognised and the author denies: then the text is held.

    `key` comes with the form: the same form sent twice makes one post.
    """

    source: str
    key: UUID
    found: Collection[str] = ()


@transaction.atomic
def start(
    *,
    by: User,
    category: Category,
    kind: str,
    title: str,
    text: Text,
    at: datetime,
    about_url: str = "",
    about_title: str = "",
) -> Topic:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # a second sending waits here for the first
    already = Topic.objects.filter(author=by, key=text.key).first()
    if already:
        return already
    if not permissions.can_start(by, category):
        raise PermissionDenied
    topic = Topic.objects.create(
        category=category,
        kind=kind,
        title=title,
        author=by,
        key=text.key,
        created_at=at,
        active_at=at,
        last_author=by,
        last_number=1,
        is_held=bool(text.found),
        about_url=about_url,
        about_title=about_title,
    )
    _write(topic, by, text, number=1, at=at)
    common.follow(topic, by)
    if not topic.is_held:
        Category.objects.filter(pk=category.pk).update(topic_count=F("topic_count") + 1, post_count=F("post_count") + 1)
    common.record(by=by, verb="started", on=topic, held=topic.is_held)
    common.changed(topic)
    return topic


def _write(topic: Topic, by: User, text: Text, *, number: int, at: datetime) -> Post:
    post = Post.objects.create(
        topic=topic,
        number=number,
        author=by,
        by_center=by.is_strategist,
        key=text.key,
        created_at=at,
        source=text.source,
        html=markdown.render(text.source),
        is_held=bool(text.found),
    )
    if post.is_held:
        common.hold_post(post, text.found, at)
    return post


@transaction.atomic
def reply(*, by: User, topic: Topic, text: Text, at: datetime) -> Post:
    locked = Topic.objects.select_for_update(no_key=True).select_related("category").get(pk=topic.pk)
    already = Post.objects.filter(author=by, key=text.key).first()
    if already:
        return already
    if not permissions.can_reply(by, locked):
        raise PermissionDenied
    post = _write(locked, by, text, number=locked.last_number + 1, at=at)
    Topic.objects.filter(pk=topic.pk).update(last_number=post.number)
    common.follow(locked, by)
    if not post.is_held:
        count_reply(locked, post)
        common.tell_followers(locked, post)
    drafts.drop(by=by, place=f"reply:{topic.pk}")
    common.record(by=by, verb="replied", on=locked, post=post.pk, held=post.is_held)
    common.changed(locked)
    return post


def count_reply(topic: Topic, post: Post) -> None:
    values: dict[str, object] = {
        "reply_count": F("reply_count") + 1,
        "last_published": post.number,
        "active_at": post.created_at,
        "last_author": post.author_id,
    }
    if topic.first_reply_at is None and post.author_id != topic.author_id:
        values["first_reply_at"] = post.created_at
    # Whoever answers gives the question back to the others.
    if topic.claimed_by_id == post.author_id:
        values |= {"claimed_by": None, "claimed_until": None}
    Topic.objects.filter(pk=topic.pk).update(**values)
    Category.objects.filter(pk=topic.category_id).update(post_count=F("post_count") + 1)


@transaction.atomic
def edit(*, by: User, post: Post, text: Text, title: str, at: datetime) -> None:
    """The text before stays as a row. `title` counts for the first post alone."""
    topic = Topic.objects.select_for_update(no_key=True).get(pk=post.topic_id)
    if not permissions.can_edit(by, post):
        raise PermissionDenied
    if (post.source, topic.title) == (text.source, title if post.is_first else topic.title):
        return
    PostEdit.objects.create(post=post, source=post.source, edited_by=by, edited_at=at)
    Post.objects.filter(pk=post.pk).update(
        source=text.source, html=markdown.render(text.source), edited_at=at, version=F("version") + 1
    )
    if post.is_first:
        Topic.objects.filter(pk=topic.pk).update(title=title)
    if text.found:
        _hold_after_edit(topic, post, text, at)
    elif post.is_held:
        _appear_after_edit(topic, post, by, at)
    common.record(by=by, verb="edited", on=post, held=bool(text.found))
    common.changed(topic)


def _hold_after_edit(topic: Topic, post: Post, text: Text, at: datetime) -> None:
    _set_held(topic, post, held=True)
    if topic.accepted_id == post.pk:
        common.forget_answer(topic)
    if not post.holds.waiting().exists():
        common.hold_post(post, text.found, at)
    common.recount(topic)


def _appear_after_edit(topic: Topic, post: Post, by: User, at: datetime) -> None:
    """What was found is gone, so there is nothing left to review."""
    post.holds.waiting().update(decided_by=by, decided_at=at, outcome=Hold.Outcome.RELEASED, reason="")
    _set_held(topic, post, held=False)
    common.recount(topic)
    bump("feedback.review")


def _set_held(topic: Topic, post: Post, *, held: bool) -> None:
    Post.objects.filter(pk=post.pk).update(is_held=held)
    if post.is_first:
        Topic.objects.filter(pk=topic.pk).update(is_held=held)
