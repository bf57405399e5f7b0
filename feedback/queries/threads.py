"""One topic as one reader sees it.

Whether it may be seen is asked of the database each time; what it looks like comes from the cache by its version. So a
removed text is gone at once even if the cache missed the news, and a warm page needs one query.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import Exists, Subquery
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from coe_portal.core import versions
from coe_portal.core.fragments import fragments
from coe_portal.people.models import User
from coe_portal.people.queries import department_names
from feedback import permissions
from feedback.models import POSTS_A_PAGE, Draft, Follow, Post, Reaction, Topic

KEEP_SECONDS = 86_400


@dataclass(frozen=True)
class PostRef:
    """Enough of a post to find its rendered form."""

    id: int
    number: int
    version: int
    author_id: int
    is_held: bool


@dataclass(frozen=True)
class Mine:
    """What a topic means to one reader; `draft` is the reply that was begun."""

    follows: bool
    helpful: frozenset[int]
    draft: str


@dataclass(frozen=True)
class Thread:
    topic: Topic
    mine: Mine
    page: int
    posts: Sequence[PostRef]

    @property
    def pages(self) -> int:
        return pages_of(self.topic)


def thread(person: User, topic_id: int, page: int = 1) -> Thread | None:
    """None for a topic that the person cannot see. A page beyond the last shows the last."""
    version = next(iter(Topic.objects.visible_to(person).filter(pk=topic_id).values_list("version", flat=True)), None)
    if version is None:
        return None
    news = versions.read("feedback.categories", reader_version(person.pk, topic_id))
    found = _cached(
        {
            f"feedback.topic:{topic_id}:{version}:{news}": lambda: _topic(topic_id),
            f"feedback.mine:{person.pk}:{topic_id}:{news}": lambda: _mine(person, topic_id),
            f"feedback.posts:{topic_id}:{version}:{page}": lambda: _posts(topic_id, page),
        }
    )
    topic, mine, posts = found
    if page > pages_of(topic):
        return thread(person, topic_id, pages_of(topic))
    return Thread(topic, mine, page, [post for post in posts if not post.is_held or post.author_id == person.pk])


def reader_version(person_id: int, topic_id: int) -> str:
    """The name of what changes when the person follows, finds helpful or keeps a draft."""
    return f"feedback.mine.{person_id}:{topic_id}"


def _cached(makers: Mapping[str, Callable[[], Any]]) -> list[Any]:
    """The values in the order of their keys; one round trip, and one more where something was missing."""
    found = cache.get_many(makers)
    made = {key: make() for key, make in makers.items() if key not in found}
    if made:
        cache.set_many(made, KEEP_SECONDS)
    return [(found | made)[key] for key in makers]


def _topic(topic_id: int) -> Topic:
    return Topic.objects.select_related("category", "author", "claimed_by", "canonical").get(pk=topic_id)


def _mine(person: User, topic_id: int) -> Mine:
    """In one query."""
    draft = Draft.objects.filter(person=person, place=f"reply:{topic_id}").values("fields__text")
    helpful = Reaction.objects.filter(person=person, post__topic=topic_id).values("post_id")
    topic: Any = Topic.objects.filter(pk=topic_id).annotate(
        follows_it=Exists(Follow.objects.filter(person=person, topic=topic_id)),
        helpful=ArraySubquery(helpful),
        draft=Subquery(draft[:1]),
    )
    follows, found, text = topic.values_list("follows_it", "helpful", "draft").get()
    return Mine(follows, frozenset(found), text or "")


def _posts(topic_id: int, page: int) -> list[PostRef]:
    """Held posts make no page of their own: the last page also has those after the last published one."""
    last = page * POSTS_A_PAGE
    posts = Post.objects.filter(topic=topic_id, number__gt=last - POSTS_A_PAGE).order_by("number")
    rows = list(posts.values_list("id", "number", "version", "author_id", "is_held", "removed_at")[: 2 * POSTS_A_PAGE])
    goes_on = any(number > last and not held and removed is None for _, number, _, _, held, removed in rows)
    return [PostRef(*row[:5]) for row in rows if row[1] <= last or not goes_on]


@dataclass(frozen=True)
class Reader:
    """What about the reader changes how a post looks; `moderates` are the authors whose texts they look after."""

    person_id: int
    moderates: frozenset[int]
    purges: bool
    accepts: bool
    replies: bool
    zone: str
    helpful: frozenset[int]

    def marks(self, post: PostRef) -> str:
        own = post.author_id == self.person_id
        facts = (
            own,
            post.author_id in self.moderates,
            self.purges,
            self.accepts,
            self.replies,
            post.id in self.helpful,
        )
        return "".join("1" if fact else "0" for fact in facts)


def reader_of(person: User, shown: Thread) -> Reader:
    return Reader(
        person_id=person.pk,
        moderates=permissions.moderated(person, {shown.topic.author_id, *(post.author_id for post in shown.posts)}),
        purges=permissions.can_purge(person),
        accepts=permissions.can_accept(person, shown.topic),
        replies=permissions.can_reply(person, shown.topic),
        zone=timezone.get_current_timezone_name(),
        helpful=shown.mine.helpful,
    )


def rendered(posts: Sequence[PostRef], topic: Topic, reader: Reader) -> SafeString:
    keys = {
        post.id: (post.id, post.version, post.is_held, topic.accepted_id == post.id, reader.zone, reader.marks(post))
        for post in posts
    }
    found = fragments("feedback/_post.html", keys, lambda ids: _contexts(ids, topic, reader))
    return format_html_join("\n", "{}", ((found[post.id],) for post in posts))


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
        "moderates": post.author_id in reader.moderates,
        "purges": reader.purges,
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
