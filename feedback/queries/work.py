"""What waits for strategists and privacy officers, and how quickly questions are answered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Min

from coe_portal.core import versions
from coe_portal.people.access import Role
from coe_portal.people.models import User
from feedback.models import Flag, Hold, Post, Topic
from feedback.queries.rooms import digest, rooms_of

RESPONSE_OVER = timedelta(days=90)


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def hours_to_first_reply(topics: Any) -> Decimal | None:
    """Median hours from a question to the first reply by somebody else; None where none has been answered.

    Questions without a reply are not in it: the list of waiting questions shows their age.
    """
    waited = ExpressionWrapper(F("first_reply_at") - F("created_at"), output_field=DurationField())
    found = topics.questions().filter(first_reply_at__isnull=False).aggregate(median=Median(waited))["median"]
    return None if found is None else (Decimal(found.total_seconds()) / 3600).quantize(Decimal("0.1"))


def median_for(person: User, at: datetime) -> Decimal | None:
    topics = Topic.objects.moderated_by(person).published().filter(created_at__gte=at - RESPONSE_OVER)
    return hours_to_first_reply(topics)


def questions_between(start: date, end: date) -> Any:
    """Published questions from the first day to the last, in the organisation's days."""
    return Topic.objects.published().questions().filter(created_at__date__gte=start, created_at__date__lte=end)


@dataclass(frozen=True)
class Duties:
    """How much waits for a person."""

    questions: int = 0
    held: int = 0
    flagged: int = 0
    stale: int = 0

    @property
    def to_review(self) -> int:
        return self.held + self.flagged

    def __bool__(self) -> bool:
        return bool(self.questions or self.to_review or self.stale)


def duties_of(person: User, on: date) -> Duties:
    """Counted once per version and set of categories, not per page; for a branch, whose people move, each time."""
    if not (person.is_strategist or person.is_privacy_officer):
        return Duties()
    if person.is_strategist and not person.access.reaches(Role.STRATEGIST, None):
        return _count(person, on)
    version = versions.read("feedback", "feedback.review", "feedback.categories")
    role = f"{person.is_strategist}{person.is_privacy_officer}"
    key = f"feedback.duties:{digest(rooms_of(person))}:{role}:{on:%Y%m%d}:{version}"
    found: Duties | None = cache.get(key)
    if found is None:
        found = _count(person, on)
        cache.set(key, found)
    return found


def _count(person: User, on: date) -> Duties:
    topics = Topic.objects.moderated_by(person)
    strategist = person.is_strategist
    return Duties(
        questions=topics.unanswered().filter(first_reply_at__isnull=True).count() if strategist else 0,
        held=Hold.objects.visible_to(person).waiting().count(),
        flagged=Flag.objects.visible_to(person).waiting().values("post").distinct().count(),
        stale=topics.in_need_of_a_fresh_look(on).count() if strategist else 0,
    )


def flagged_posts(person: User, limit: int = 50) -> list[Post]:
    """The posts with open flags, the longest waiting first, each with its flags."""
    waiting = Flag.objects.visible_to(person).waiting()
    posts = (
        Post.objects.filter(flags__in=waiting)
        .annotate(flag_count=Count("flags"), flagged_at=Min("flags__created_at"))
        .select_related("author", "topic__category")
        .order_by("flagged_at")
    )
    return list(posts.prefetch_related("flags__person")[:limit])


def held(person: User, limit: int = 50) -> list[Hold]:
    waiting = Hold.objects.visible_to(person).waiting().order_by("created_at")
    return list(
        waiting.select_related("post__author", "post__topic__category", "story__submitter", "story__department")[:limit]
    )


def removed(person: User, limit: int = 20) -> list[Post]:
    posts = Post.objects.moderated_by(person).filter(removed_at__isnull=False)
    return list(posts.select_related("author", "topic__category", "removed_by").order_by("-removed_at")[:limit])
