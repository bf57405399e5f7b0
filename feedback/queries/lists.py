"""Lists of topics: what the database is asked per page, and the rendered row of each topic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from coe_portal.core.fragments import fragments
from coe_portal.people.models import User
from feedback import reads
from feedback.models import Category, ReadMark, Topic
from feedback.queries.rooms import Room

# Enough to know a row's fragment; the whole topic is read only where the fragment is missing.
ROW_COLUMNS = (
    "id", "category_id", "author_id", "version", "kind", "created_at", "active_at", "last_published", "is_pinned",
    "is_held", "removed_at",
)  # fmt: skip
NEW_FOR = timedelta(days=7)
TALKED_ABOUT_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Filter:
    """What of a list is shown, from its address; unknown words show everything."""

    kind: str = ""
    state: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Filter":
        kind, state = values.get("kind", ""), values.get("state", "")
        return cls(kind if kind in Topic.Kind.values else "", state if state in STATES else "")

    @property
    def query(self) -> str:
        """As an address says it."""
        said = {name: value for name, value in (("kind", self.kind), ("state", self.state)) if value}
        return f"?{urlencode(said)}" if said else ""

    def apply(self, topics: Any, person: User) -> Any:
        found = topics.filter(kind=self.kind) if self.kind else topics
        return STATES[self.state](found, person) if self.state else found


STATES: dict[str, Any] = {
    "unanswered": lambda topics, person: topics.unanswered(),
    "answered": lambda topics, person: topics.filter(accepted__isnull=False),
    "mine": lambda topics, person: topics.filter(author=person),
    "following": lambda topics, person: topics.filter(follows__person=person),
}


def rows_of(topics: Sequence[Topic], person: User, at: datetime, *, with_category: bool) -> SafeString:
    """The rendered rows in the order of the topics: one query for the reader's marks, one more for missing rows."""
    news = _news(topics, person, at)
    zone = timezone.get_current_timezone_name()
    keys = {
        topic.pk: (topic.pk, topic.version, topic.category_id, news.get(topic.pk, ""), with_category, zone)
        for topic in topics
    }
    rendered = fragments(
        "feedback/_topic_row.html", keys, lambda ids: _contexts(ids, news, with_category=with_category)
    )
    return format_html_join("", "{}", ((rendered[topic.pk],) for topic in topics))


def _contexts(ids: Sequence[int], news: Mapping[int, str], *, with_category: bool) -> dict[int, dict[str, Any]]:
    topics = Topic.objects.select_related("category", "author", "last_author").in_bulk(list(ids))
    return {
        pk: {"topic": topic, "news": news.get(pk, ""), "with_category": with_category} for pk, topic in topics.items()
    }


def _news(topics: Sequence[Topic], person: User, at: datetime) -> dict[int, str]:
    """Per topic "more" when something was written since the person read it, "new" when it is young and unread."""
    read = last_read(person, [topic.pk for topic in topics])
    return {topic.pk: _state(topic, read.get(topic.pk), person, at) for topic in topics}


def _state(topic: Topic, number: int | None, person: User, at: datetime) -> str:
    if number is not None:
        return "more" if topic.last_published > number else ""
    fresh = topic.created_at > at - NEW_FOR
    return "new" if fresh and topic.author_id != person.pk else ""


def last_read(person: User, topic_ids: Sequence[int]) -> dict[int, int]:
    marks = ReadMark.objects.filter(person=person, topic_id__in=topic_ids)
    written = dict(marks.values_list("topic_id", "number"))
    waiting = reads.waiting(person.pk, topic_ids)
    return {pk: max(written.get(pk, 0), waiting.get(pk, 0)) for pk in written.keys() | waiting.keys()}


@dataclass(frozen=True)
class CategoryRow:
    category: Category
    latest: list[Topic]


def categories_with_latest(rooms: Iterable[Room]) -> list[CategoryRow]:
    """Each category with its three most recently active topics; two queries however many there are."""
    newest = Topic.objects.published().filter(category=OuterRef("pk")).order_by("-active_at", "-pk")
    shown: Any = Category.objects.filter(pk__in=[room.id for room in rooms])
    categories = list(shown.annotate(latest_ids=ArraySubquery(newest.values("pk")[:3])))
    ids = [pk for category in categories for pk in category.latest_ids]
    topics = Topic.objects.select_related("last_author").in_bulk(ids)
    return [CategoryRow(category, [topics[pk] for pk in category.latest_ids]) for category in categories]


def talked_about(rooms: Iterable[Room], at: datetime, limit: int = 5) -> list[Topic]:
    """The topics with the most replies of the last two weeks."""
    since = at - TALKED_ABOUT_FOR
    recent = Q(posts__created_at__gte=since, posts__number__gt=1, posts__is_held=False, posts__removed_at__isnull=True)
    topics = Topic.objects.published().filter(category_id__in=[room.id for room in rooms], active_at__gte=since)
    counted = topics.annotate(recent=Count("posts", filter=recent)).filter(recent__gt=0)
    return list(counted.select_related("category").order_by("-recent", "-active_at", "-pk")[:limit])


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
