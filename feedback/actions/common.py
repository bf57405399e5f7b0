"""What several verbs do: count anew, tell followers, hold a text, leave a trace."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Model, Q, Sum
from django.db.models.functions import Coalesce

from coe_portal.audit import actions as audit
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.people.models import AudienceMember, User
from coe_portal.search import actions as search
from feedback.models import Category, Follow, Hold, Post, Story, Topic
from feedback.queries.threads import reader_version

NO_ANSWER = {"accepted": None, "accepted_by": None, "accepted_at": None, "verified_until": None, "verified_by": None}


def record(*, by: User | None, verb: str, on: Model, **details: Any) -> None:
    """The summary names the object by its id: what people type may have to be erased, the trail never is."""
    audit.record(by=by, verb=verb, on=on, summary=f"{verb} {on._meta.model_name} {on.pk}", details=details)


def document_kind(topic: Topic) -> str:
    return "question" if topic.is_question else "topic"


def changed(topic: Topic) -> None:
    """To be called last by every verb that changes what is shown of a topic."""
    Topic.objects.filter(pk=topic.pk).update(version=F("version") + 1)
    search.refresh(document_kind(topic), [topic.pk])
    bump("feedback")


def recount(topic: Topic) -> None:
    """The figures of the topic, worked out from its posts. For verbs of moderation; a reply only adds one."""
    published = Q(posts__is_held=False, posts__removed_at__isnull=True, posts__number__gt=1)
    by_others = published & ~Q(posts__author=topic.author_id)
    found = Topic.objects.filter(pk=topic.pk).aggregate(
        replies=Count("posts", filter=published),
        last=Max("posts__created_at", filter=published),
        first=Min("posts__created_at", filter=by_others),
    )
    last = topic.posts.published().order_by("-number").first()
    Topic.objects.filter(pk=topic.pk).update(
        reply_count=found["replies"],
        last_published=last.number if last else 1,
        active_at=found["last"] or topic.created_at,
        first_reply_at=found["first"],
        last_author_id=last.author_id if last else topic.author_id,
    )
    recount_category(topic.category_id)


def recount_category(category_id: int) -> None:
    found = (
        Topic.objects.published()
        .filter(category_id=category_id)
        .aggregate(topics=Count("pk"), posts=Coalesce(Sum(F("reply_count") + 1), 0))
    )
    Category.objects.filter(pk=category_id).update(topic_count=found["topics"], post_count=found["posts"])


def hold_post(post: Post, found: Collection[str], at: datetime) -> None:
    Hold.objects.create(post=post, found=sorted(found), created_at=at)
    bump("feedback.review")


def hold_story(story: Story, found: Collection[str], at: datetime) -> None:
    Hold.objects.create(story=story, found=sorted(found), created_at=at)
    bump("feedback.review")


def follow(topic: Topic, person: User) -> None:
    Follow.objects.bulk_create([Follow(topic=topic, person=person)], ignore_conflicts=True)
    bump(reader_version(person.pk, topic.pk))


def tell_followers(topic: Topic, post: Post) -> None:
    """Only those who can still read the topic are told, whoever followed it once."""
    readers = AudienceMember.objects.filter(audience=topic.category.audience_id, person__is_active=True)
    followers = Follow.objects.filter(topic=topic, person__in=readers.values("person")).exclude(person=post.author_id)
    notify(
        person_ids=list(followers.values_list("person_id", flat=True)),
        kind="feedback.reply",
        subject=topic.title,
        url=post.get_absolute_url(),
        key=f"feedback.reply:{post.pk}",
    )


def forget_answer(topic: Topic) -> None:
    Topic.objects.filter(pk=topic.pk).update(**NO_ANSWER)
    topic.posts.filter(pk=topic.accepted_id or 0).update(version=F("version") + 1)
