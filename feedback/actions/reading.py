"""Follow, find helpful, keep what was read."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F

from coe_portal.core.versions import bump
from coe_portal.people.models import User
from feedback import permissions
from feedback.actions import common
from feedback.models import Follow, Post, Reaction, Topic
from feedback.queries.threads import reader_version


@transaction.atomic
def follow(*, by: User, topic: Topic) -> None:
    common.follow(topic, by)


@transaction.atomic
def unfollow(*, by: User, topic: Topic) -> None:
    Follow.objects.filter(topic=topic, person=by).delete()
    bump(reader_version(by.pk, topic.pk))


@transaction.atomic
def find_helpful(*, by: User, post: Post) -> None:
    if not permissions.can_find_helpful(by, post):
        raise PermissionDenied
    _, made = Reaction.objects.get_or_create(post=post, person=by)
    if made:
        _count(by, post, 1)


@transaction.atomic
def no_longer_helpful(*, by: User, post: Post) -> None:
    deleted, _ = Reaction.objects.filter(post=post, person=by).delete()
    if deleted:
        _count(by, post, -1)


def _count(by: User, post: Post, step: int) -> None:
    Post.objects.filter(pk=post.pk).update(helpful_count=F("helpful_count") + step, version=F("version") + 1)
    Topic.objects.filter(pk=post.topic_id).update(version=F("version") + 1)
    bump(reader_version(by.pk, post.topic_id))


def write_reads(*, reads: Mapping[tuple[int, int], int], at: datetime) -> int:
    """(person, topic) -> number of the last post seen, in one statement. Marks only move forward."""
    if not reads:
        return 0
    people, topics = zip(*reads, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO feedback_readmark (person_id, topic_id, number, read_at)
            SELECT seen.person_id, seen.topic_id, least(seen.number, topic.last_number), %s
            FROM unnest(%s::bigint[], %s::bigint[], %s::integer[]) AS seen (person_id, topic_id, number)
            JOIN feedback_topic topic ON topic.id = seen.topic_id
            JOIN people_user person ON person.id = seen.person_id
            ON CONFLICT (person_id, topic_id) DO UPDATE
            SET number = excluded.number, read_at = excluded.read_at
            WHERE excluded.number > feedback_readmark.number
            """,
            [at, list(people), list(topics), list(reads.values())],
        )
        return int(cursor.rowcount)
