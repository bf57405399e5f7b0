"""Topics with their posts, spread over the last year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from coe_portal.core import markdown
from coe_portal.people.demo import DemoOrganisation
from coe_portal.people.models import User
from feedback.actions.common import recount_category
from feedback.demo import clauses, reading
from feedback.demo.rooms import Cast
from feedback.models import Category, Post, Topic

DAYS = 362
VERIFIED_FOR = timedelta(days=365)
VERIFIED_SHORT = timedelta(days=120)


@dataclass
class Made:
    """A topic on its way into the database, with its posts in order."""

    thread: reading.Thread
    topic: Topic
    posts: list[Post] = field(default_factory=list)
    answer: Post | None = None


def build(organisation: DemoOrganisation, cast: Cast, rooms: Mapping[str, Category]) -> list[Made]:
    now = this_morning(organisation)
    texts = [*reading.threads("questions.txt"), *reading.threads("discussions.txt")]
    order = cast.chance.sample(range(len(texts)), len(texts))
    made = [
        _made(thread, cast, rooms[thread.category], now, _age(thread, order[place] / len(texts), cast))
        for place, thread in enumerate(texts)
    ]
    Topic.objects.bulk_create([each.topic for each in made])
    for each in made:
        for post in each.posts:
            post.topic = each.topic
    Post.objects.bulk_create([post for each in made for post in each.posts])
    _answers(made, cast)
    _duplicates(made)
    count(rooms)
    return made


def this_morning(organisation: DemoOrganisation) -> datetime:
    return timezone.make_aware(datetime.combine(organisation.today, datetime.min.time())) + timedelta(hours=7)


def _age(thread: reading.Thread, place: float, cast: Cast) -> timedelta:
    """More of the recent than of the old; open questions are some days old at most, the welcome is the oldest."""
    if thread.flags == "open":
        return timedelta(hours=cast.chance.randint(3, 110))
    if thread.category == "start-here":
        return timedelta(days=cast.chance.randint(240, DAYS))
    return timedelta(days=DAYS * place**1.4, hours=2)


def _made(thread: reading.Thread, cast: Cast, category: Category, now: datetime, age: timedelta) -> Made:
    starts = now - age
    author = _author(thread, cast, category)
    topic = Topic(
        category=category,
        kind=thread.kind,
        title=thread.title,
        author=author,
        last_author=author,
        key=key(cast),
        created_at=starts,
        is_pinned="pinned" in thread.flags,
        about_url=clauses.url_of(thread.about) if thread.about else "",
        about_title=clauses.title_of(thread.about) if thread.about else "",
    )
    made = Made(thread, topic, [_post(cast, author, 1, starts, thread.text)])
    _reply(made, cast, category, now)
    _figures(made)
    return made


def _author(thread: reading.Thread, cast: Cast, category: Category) -> User:
    if "strategists" in thread.flags:
        return cast.of("center", category)
    if cast.chance.random() < 0.05 and cast.rosa in cast.members[category.audience_id]:
        return cast.rosa
    return cast.of(cast.chance.choice(["nurse", "physician", "allied", "office"]), category)


def _post(cast: Cast, author: User, number: int, at: datetime, text: str) -> Post:
    source = clauses.linked(text)
    return Post(
        number=number,
        author=author,
        by_center=author in cast.center,
        key=key(cast),
        created_at=at,
        source=source,
        html=markdown.render(source),
    )


def key(cast: Cast) -> UUID:
    return UUID(int=cast.chance.getrandbits(128), version=4)


def _reply(made: Made, cast: Cast, category: Category, now: datetime) -> None:
    moments = _moments(made, cast, now)
    for number, (reply, at) in enumerate(zip(made.thread.replies, moments, strict=True), start=2):
        author = made.topic.author if reply.who == "asker" else cast.of(reply.who, category)
        post = _post(cast, author, number, at, reply.text)
        made.posts.append(post)
        if "answer" in reply.flags:
            made.answer = post


def _moments(made: Made, cast: Cast, now: datetime) -> list[datetime]:
    """Some hours apart; a young or long topic is pressed together so that nothing lies in the future."""
    gaps = [cast.chance.randint(25, 900) for _ in made.thread.replies]
    if len(gaps) > 12:
        gaps = [gap * 20 for gap in gaps]
    room = (now - made.topic.created_at).total_seconds() / 60 * 0.9
    scale = min(1.0, room / max(sum(gaps), 1))
    return [made.topic.created_at + timedelta(minutes=sum(gaps[: place + 1]) * scale) for place in range(len(gaps))]


def _figures(made: Made) -> None:
    topic, last = made.topic, made.posts[-1]
    others = [post.created_at for post in made.posts if post.author is not topic.author]
    topic.active_at = last.created_at
    topic.last_author = last.author
    topic.last_number = topic.last_published = len(made.posts)
    topic.reply_count = len(made.posts) - 1
    topic.first_reply_at = min(others, default=None)


def _answers(made: Sequence[Made], cast: Cast) -> None:
    """Every seventh verification was short, so that some are due for a fresh look."""
    answered = [each for each in made if each.answer]
    for place, each in enumerate(answered):
        topic, answer = each.topic, each.answer
        assert answer is not None  # noqa: S101 - filtered above
        topic.accepted, topic.accepted_by = answer, topic.author
        topic.accepted_at = min(answer.created_at + timedelta(hours=2), topic.active_at + timedelta(hours=2))
        if any("verified" in reply.flags for reply in each.thread.replies):
            topic.verified_by = cast.chance.choice(cast.center)
            lasts = VERIFIED_SHORT if place % 7 == 0 else VERIFIED_FOR
            topic.verified_until = (answer.created_at + lasts).date()
    fields = ["accepted", "accepted_by", "accepted_at", "verified_by", "verified_until"]
    Topic.objects.bulk_update([each.topic for each in answered], fields)


def _duplicates(made: Sequence[Made]) -> None:
    by_title = {each.topic.title: each.topic for each in made}
    doubles = [each for each in made if each.thread.original]
    for each in doubles:
        original = by_title[each.thread.original]
        each.topic.canonical = original
        original.duplicate_count += 1
    Topic.objects.bulk_update([each.topic for each in doubles], ["canonical"])
    Topic.objects.bulk_update([each.topic.canonical for each in doubles if each.topic.canonical], ["duplicate_count"])


def count(rooms: Mapping[str, Category]) -> None:
    for category in rooms.values():
        recount_category(category.pk)
