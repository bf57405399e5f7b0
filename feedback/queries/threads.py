"""One topic as one reader sees it: two queries when its posts are in the cache."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from coe_portal.core.fragments import fragments
from coe_portal.people.models import User
from coe_portal.people.queries import department_names
from feedback import permissions
from feedback.models import POSTS_A_PAGE, Draft, Follow, Post, Reaction, Topic


@dataclass(frozen=True)
class Thread:
    """A topic and what it means to one reader; `draft` is the reply that was begun."""

    topic: Topic
    follows: bool
    helpful: frozenset[int]
    draft: str


def thread(person: User, topic_id: int) -> Thread | None:
    """In one query; None for a topic that the person cannot see."""
    mine = {"person": person, "topic": OuterRef("pk")}
    helpful = Reaction.objects.filter(person=person, post__topic=OuterRef("pk"))
    topics: Any = (
        Topic.objects.visible_to(person)
        .select_related("category", "author", "claimed_by", "canonical")
        .annotate(
            follows_it=Exists(Follow.objects.filter(**mine)),
            found_helpful=ArraySubquery(helpful.values("post_id")),
            draft=Subquery(_drafts(person).values("fields")[:1]),
        )
    )
    found = topics.filter(pk=topic_id).first()
    if found is None:
        return None
    return Thread(found, found.follows_it, frozenset(found.found_helpful), (found.draft or {}).get("text", ""))


def _drafts(person: User) -> Any:
    place = Concat(Value("reply:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    return Draft.objects.filter(person=person, place=place)


@dataclass(frozen=True)
class Reader:
    """What about the reader changes how a post looks."""

    person_id: int
    moderates: bool
    accepts: bool
    replies: bool
    zone: str
    helpful: frozenset[int]

    def marks(self, post: Post) -> str:
        own = post.author_id == self.person_id
        facts = (own, self.moderates, self.accepts, self.replies, post.pk in self.helpful)
        return "".join("1" if fact else "0" for fact in facts)


def reader_of(person: User, shown: Thread) -> Reader:
    return Reader(
        person_id=person.pk,
        moderates=permissions.can_moderate(person),
        accepts=permissions.can_accept(person, shown.topic),
        replies=permissions.can_reply(person, shown.topic),
        zone=timezone.get_current_timezone_name(),
        helpful=shown.helpful,
    )


def posts_on_page(topic: Topic, person: User, page: int) -> list[Post]:
    """Enough of each post to find its rendered form; the held ones of others are not there at all.

    Held posts make no page of their own: the last page also has what the reader wrote after the last published post.
    """
    posts = topic.posts.filter(Q(is_held=False) | Q(author=person), number__gt=(page - 1) * POSTS_A_PAGE)
    shown = posts if page == pages_of(topic) else posts.filter(number__lte=page * POSTS_A_PAGE)
    columns = shown.only("id", "topic_id", "number", "version", "author_id", "is_held", "removed_at")
    return list(columns.order_by("number")[: 2 * POSTS_A_PAGE])


def rendered(posts: Sequence[Post], topic: Topic, reader: Reader) -> SafeString:
    keys = {
        post.pk: (post.pk, post.version, post.is_held, topic.accepted_id == post.pk, reader.zone, reader.marks(post))
        for post in posts
    }
    found = fragments("feedback/_post.html", keys, lambda ids: _contexts(ids, topic, reader))
    return format_html_join("\n", "{}", ((found[post.pk],) for post in posts))


def _contexts(ids: Sequence[int], topic: Topic, reader: Reader) -> Mapping[int, Mapping[str, Any]]:
    posts = Post.objects.select_related("author", "removed_by").in_bulk(list(ids))
    departments = department_names({post.author_id for post in posts.values()}, timezone.localdate())
    return {pk: _context(post, topic, reader, departments.get(post.author_id, "")) for pk, post in posts.items()}


def _context(post: Post, topic: Topic, reader: Reader, department: str) -> dict[str, Any]:
    own = post.author_id == reader.person_id
    return {
        "post": post,
        "topic": topic,
        "department": department,
        "own": own,
        "helpful": post.pk in reader.helpful,
        "moderates": reader.moderates,
        "replies": reader.replies,
        "accepted": topic.accepted_id == post.pk,
        "acceptable": reader.accepts and permissions.can_be_accepted(topic, post),
        "hold": post.holds.order_by("-created_at").first() if post.is_held else None,
    }


def pages_of(topic: Topic) -> int:
    return max(1, -(-topic.last_published // POSTS_A_PAGE))


def quoted(post: Post) -> str:
    """The post as a Markdown quotation, to be answered below."""
    lines = [f"> {line}".rstrip() for line in post.source.strip().splitlines()]
    return f"> **{post.author.name}:**\n>\n" + "\n".join(lines) + "\n\n"


def texts_of(topics: Iterable[Topic]) -> dict[int, list[Post]]:
    """Per topic its published posts in order, in one query."""
    found: dict[int, list[Post]] = {topic.pk: [] for topic in topics}
    posts = Post.objects.published().filter(topic_id__in=found).order_by("topic_id", "number")
    for post in posts.only("id", "topic_id", "number", "html"):
        found[post.topic_id].append(post)
    return found
