"""Around the topics: who follows, has read, was helped; what is held, flagged and removed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from coe_portal.core import markdown
from coe_portal.guard.engine import find
from coe_portal.people.demo import DemoOrganisation
from feedback.demo.forum import Made, key, this_morning
from feedback.demo.rooms import Cast
from feedback.models import Flag, Follow, Hold, Opened, Post, QuestionStart, Reaction, ReadMark, Topic

HELPED = 85
# False alarms, which is why a person decides. The numbers are reserved for fiction.
HELD_REPLIES = [
    (
        "Ask a midwife: an hour of questions, live",
        "The producers are at (202) 555-0143 until Friday, for those who would like to be behind the camera.",
    ),
    (
        "A small victory: the bicycle shed",
        "For the record: it is the light beside Room 12 of the old garage, not at the shed. Call 202-555-0117.",
    ),
]
REMOVED_REPLY = ("What makes people look natural?", "I sell ring lights, write to me for the price list.")
FLAGGED = [
    (
        "Do you use text that a machine has written?",
        "wrong",
        "Does this fit what the policy says on pasting drafts?",
    ),
    ("Jokes in bad moments", "other", "It reads harsher than it was meant, the author may want to know."),
]


def build(organisation: DemoOrganisation, cast: Cast, made: Sequence[Made]) -> None:
    now = this_morning(organisation)
    by_title = {each.topic.title: each for each in made}
    _reactions(cast, made)
    _follows(made)
    _marks(organisation, made, now)
    _starts(cast, made, now)
    for title, text in HELD_REPLIES:
        _held(cast, by_title[title], text, now)
    _removed(cast, by_title[REMOVED_REPLY[0]], REMOVED_REPLY[1], now)
    for title, reason, note in FLAGGED:
        post, person = by_title[title].posts[-1], cast.of("nurse", by_title[title].topic.category)
        Flag.objects.create(post=post, person=person, reason=reason, note=note, created_at=now - timedelta(hours=9))


def _reactions(cast: Cast, made: Sequence[Made]) -> None:
    rows, posts = [], []
    for each in made:
        for post in each.posts:
            people = [
                person
                for person in cast.some(each.topic.category, 14 if post is each.answer else 4)
                if person.pk != post.author_id
            ]
            if people:
                post.helpful_count = len(people)
                posts.append(post)
                rows += [Reaction(post=post, person=person) for person in people]
    Reaction.objects.bulk_create(rows, batch_size=2_000)
    Post.objects.bulk_update(posts, ["helpful_count"], batch_size=1_000)


def _follows(made: Sequence[Made]) -> None:
    pairs = {(each.topic.pk, post.author_id) for each in made for post in each.posts}
    Follow.objects.bulk_create(Follow(topic_id=topic, person_id=person) for topic, person in sorted(pairs))


def _marks(organisation: DemoOrganisation, made: Sequence[Made], now: datetime) -> None:
    """Those who can sign in have read what is older than a week."""
    old = [each for each in made if each.topic.active_at < now - timedelta(days=7)]
    ReadMark.objects.bulk_create(
        ReadMark(topic=each.topic, person=person, number=each.topic.last_number, read_at=each.topic.active_at)
        for each in old
        for person in organisation.sign_ins.values()
        if each.topic.category.audience_id in person.access.audience_ids
    )


def _starts(cast: Cast, made: Sequence[Made], now: datetime) -> None:
    """Every question began on the ask page; others found their answer there and asked nothing."""
    questions = [each.topic for each in made if each.topic.is_question]
    QuestionStart.objects.bulk_create(
        QuestionStart(
            person=topic.author,
            key=topic.key,
            started_at=topic.created_at - timedelta(minutes=4),
            outcome=QuestionStart.Outcome.ASKED,
            decided_at=topic.created_at,
            topic=topic,
        )
        for topic in questions
    )
    answered = [topic for topic in questions if topic.accepted_id]
    helped = [_helped(cast, topic, now) for topic in cast.chance.choices(answered, k=HELPED)]
    starts = QuestionStart.objects.bulk_create(start for start, _ in helped)
    for start, opened in zip(starts, (opened for _, opened in helped), strict=True):
        opened.start = start
    Opened.objects.bulk_create(opened for _, opened in helped)


def _helped(cast: Cast, topic: Topic, now: datetime) -> tuple[QuestionStart, Opened]:
    at = topic.active_at + (now - topic.active_at) * cast.chance.random()
    start = QuestionStart(
        person=cast.of("nurse", topic.category),
        key=key(cast),
        started_at=at,
        outcome=QuestionStart.Outcome.HELPED,
        decided_at=at + timedelta(minutes=3),
    )
    opened = Opened(kind="question", title=topic.title, url=topic.get_absolute_url(), opened_at=at)
    return start, opened


def _add(cast: Cast, made: Made, text: str, **fields: object) -> Post:
    number = made.topic.last_number + 1
    author = cast.of("office", made.topic.category)
    at = made.topic.active_at + timedelta(minutes=30)
    html = markdown.render(text)
    post: Post = Post.objects.create(
        topic=made.topic, number=number, author=author, key=key(cast), created_at=at, source=text, html=html, **fields
    )
    made.topic.last_number = number
    Topic.objects.filter(pk=made.topic.pk).update(last_number=number)
    return post


def _held(cast: Cast, made: Made, text: str, now: datetime) -> None:
    post = _add(cast, made, text, is_held=True)
    kinds = sorted({str(finding.kind) for finding in find(text)})
    Hold.objects.create(post=post, found=kinds, created_at=now - timedelta(hours=5))


def _removed(cast: Cast, made: Made, text: str, now: datetime) -> None:
    by = cast.center[0]
    _add(cast, made, text, removed_at=now, removed_by=by, removal_reason="Advertising. This place is for our work.")
