"""Whether the forum may still be named to those who were told of something in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coe_portal.contributions import Told
from coe_portal.people.queries import members_among
from feedback.models import Hold, Post, Topic

KEY = re.compile(r"feedback\.(?P<kind>[a-z]+):(?P<number>[0-9]+)(?::(?P<other>[0-9]+))?(?::.*)?")
OF_POSTS = {"reply", "accepted", "removed"}
OF_HOLDS = {"released", "refused"}
SAY_IT_IS_GONE = {"removed", "refused"}


@dataclass(frozen=True)
class About:
    """What a notification names: all of these topics must still be the person's to see, and the post must stand."""

    topic_ids: Sequence[int]
    stands: bool = True
    is_gone: bool = False


@dataclass(frozen=True)
class Rooms:
    topics: dict[int, Topic]
    members: set[tuple[int, int]]

    def are_seen(self, about: About | None, person_id: int) -> bool:
        """A key of another kind, and a story, which is its author's own, say nothing of a room."""
        if about is None:
            return True
        return about.stands and all(self._is_seen(each, person_id, is_gone=about.is_gone) for each in about.topic_ids)

    def _is_seen(self, topic_id: int, person_id: int, *, is_gone: bool) -> bool:
        topic = self.topics.get(topic_id)
        if topic is None or (topic.category.audience_id, person_id) not in self.members:
            return False
        is_own = topic.author_id == person_id
        return (topic.removed_at is None or (is_gone and is_own)) and (not topic.is_held or is_own)


def still_seen(told: Sequence[Told]) -> list[bool]:
    """Four queries. Of a room that is not theirs, and of what was held back or removed, people hear nothing more.

    That their own text was removed is said of what is gone.
    """
    abouts = _abouts([each.key for each in told])
    ids = {topic_id for about in abouts if about for topic_id in about.topic_ids}
    topics = {each.pk: each for each in Topic.objects.filter(pk__in=ids).select_related("category")}
    audiences = {each.category.audience_id for each in topics.values()}
    rooms = Rooms(topics, members_among(audiences, {each.person_id for each in told}))
    return [rooms.are_seen(about, each.person_id) for each, about in zip(told, abouts, strict=True)]


def _abouts(keys: Iterable[str]) -> list[About | None]:
    found = [KEY.fullmatch(key) for key in keys]
    numbers = [(match["kind"], int(match["number"])) for match in found if match]
    posts = Post.objects.in_bulk({number for kind, number in numbers if kind in OF_POSTS})
    holds = Hold.objects.filter(pk__in={number for kind, number in numbers if kind in OF_HOLDS})
    held: dict[int, int | None] = dict(holds.values_list("pk", "post__topic_id"))

    def about(match: re.Match[str] | None) -> About | None:
        if match is None:
            return None
        kind, number, is_gone = match["kind"], int(match["number"]), match["kind"] in SAY_IT_IS_GONE
        if kind in OF_POSTS:
            post = posts.get(number)
            stands = post is not None and (is_gone or (post.removed_at is None and not post.is_held))
            return About([post.topic_id] if post else [], stands, is_gone)
        if kind in OF_HOLDS:
            topic_id = held.get(number, 0)
            return None if topic_id is None else About([topic_id], is_gone=is_gone)
        return About([number, *([int(match["other"])] if match["other"] else [])])

    return [about(match) for match in found]
