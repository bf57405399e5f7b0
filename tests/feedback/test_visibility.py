"""Side doors: whoever is not in a category's audience meets the same 404 everywhere, and nothing changes."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.people.access import Role
from coe_portal.search.actions import refresh
from coe_portal.search.models import SearchDocument
from feedback.actions import moderation, reading, topics
from feedback.models import Draft, Flag, Follow, Hold, Post, Reaction, Topic
from tests.factories.feedback import PostFactory, TopicFactory
from tests.factories.people import person_with

READS = [
    "/feedback/crisis-desk/",
    "/feedback/crisis-desk/new/",
    "/feedback/topics/{topic}/",
    "/feedback/posts/{post}/",
    "/feedback/posts/{post}/edit/",
    "/feedback/posts/{post}/history/",
    "/feedback/posts/{post}/flag/",
    "/feedback/posts/{post}/remove/",
    "/feedback/topics/{topic}/move/",
    "/feedback/topics/{topic}/verify/",
    "/feedback/topics/{topic}/duplicate/",
]
WRITES = [
    "/feedback/crisis-desk/new/",
    "/feedback/topics/{topic}/reply/",
    "/feedback/topics/{topic}/follow/",
    "/feedback/topics/{topic}/claim/",
    "/feedback/topics/{topic}/pin/",
    "/feedback/topics/{topic}/lock/",
    "/feedback/topics/{topic}/move/",
    "/feedback/topics/{topic}/verify/",
    "/feedback/topics/{topic}/duplicate/",
    "/feedback/topics/{topic}/withdraw-answer/",
    "/feedback/posts/{post}/edit/",
    "/feedback/posts/{post}/helpful/",
    "/feedback/posts/{post}/accept/",
    "/feedback/posts/{post}/flag/",
    "/feedback/posts/{post}/flags/",
    "/feedback/posts/{post}/remove/",
    "/feedback/posts/{post}/restore/",
    "/feedback/drafts/reply/{topic}/",
    "/feedback/drafts/edit/{post}/",
    "/feedback/drafts/start/{room}/",
]
BODY = {
    "text": "I was not asked.",
    "title": "I was not asked",
    "key": "0e0f5a0e-52a4-4bd6-9d1a-3a9a2b1c0d11",
    "on": "yes",
}


@pytest.fixture
def addresses(secret, closed_room):
    """The same addresses for the topic that is hidden and for one that never was."""
    post = PostFactory(topic=secret, number=2)
    hidden = {"topic": secret.pk, "post": post.pk, "room": closed_room.pk}
    absent = {"topic": secret.pk + 9_000, "post": post.pk + 9_000, "room": closed_room.pk + 9_000}
    return lambda url: (url.format(**hidden), url.format(**absent).replace("crisis-desk", "never-was"))


@pytest.mark.parametrize("url", READS)
@pytest.mark.parametrize("role", [None, Role.STRATEGIST, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR])
def test_a_stranger_reads_nothing(sign_in, addresses, url, role):
    client = sign_in(person_with(role))
    hidden, absent = (client.get(each) for each in addresses(url))

    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert len(hidden.content) == len(absent.content)


@pytest.mark.parametrize("url", WRITES)
@pytest.mark.parametrize("role", [None, Role.STRATEGIST])
def test_a_stranger_changes_nothing(sign_in, addresses, url, role):
    client = sign_in(person_with(role))
    before = _everything()

    assert [client.post(each, BODY).status_code for each in addresses(url)] == [404, 404]
    assert _everything() == before


def _everything():
    rows = [list(model.objects.order_by("pk").values()) for model in (Topic, Post)]
    counts = [model.objects.count() for model in (Draft, Flag, Follow, Reaction, AuditEntry)]
    return rows, counts


def test_counts_and_lists_do_not_change_with_hidden_topics(sign_in, strategist, room, discussion, closed_room):
    client = sign_in(strategist)
    pages = [
        "/feedback/",
        "/feedback/topics/",
        "/feedback/waiting/",
        "/feedback/review/",
        "/feedback/topics/?kind=question",
    ]
    before = [_plain(client.get(page)) for page in pages]

    hidden = TopicFactory(category=closed_room, kind="question", title="Nobody sees this")
    Flag.objects.create(post=hidden.posts.get(), person=hidden.author, reason="other", created_at=timezone.now())

    assert [_plain(client.get(page)) for page in pages] == before


def _plain(response):
    html = response.content.decode()
    token = response.context["csrf_token"]
    return re.sub(r'data-session-left="\d+"', "", html.replace(str(token), ""))


def test_search_finds_a_topic_only_for_its_audience(strategist, secret, discussion):
    refresh("question", [secret.pk])
    refresh("topic", [discussion.pk])

    assert [each.title for each in SearchDocument.objects.visible_to(strategist)] == [discussion.title]


def test_moving_a_topic_into_a_closed_category_takes_it_from_everybody_else(
    sign_in, strategist, employee, discussion, closed_room
):
    refresh("topic", [discussion.pk])
    moderation.move(by=strategist, topic=discussion, category=closed_room)

    assert sign_in(employee).get(discussion.get_absolute_url()).status_code == 404
    assert list(SearchDocument.objects.visible_to(employee)) == []


def test_followers_who_lost_the_category_are_not_told(strategist, employee, discussion, closed_room, now):
    reading.follow(by=employee, topic=discussion)
    moderation.move(by=strategist, topic=discussion, category=closed_room)
    closed_room.audience.people.add(strategist)

    topics.reply(by=strategist, topic=Topic.objects.get(), text=topics.Text("News.", uuid4()), at=now)

    assert employee.notifications.count() == 0


def test_held_text_is_its_authors_alone(sign_in, employee, strategist, executive, room, now):
    text = topics.Text("Her number is marked.", uuid4(), found=["record-number"])
    topic = topics.start(by=employee, category=room, kind="question", title="Can I tell this?", text=text, at=now)

    statuses = [
        sign_in(person).get(topic.get_absolute_url()).status_code for person in (employee, strategist, executive)
    ]

    assert statuses == [200, 404, 404]
    assert SearchDocument.objects.count() == 0
    room.refresh_from_db()
    assert (room.topic_count, room.post_count) == (0, 0)


def test_a_held_reply_is_not_there_for_others(sign_in, employee, executive, discussion, now):
    text = topics.Text("A hidden remark.", uuid4(), found=["room"])
    post = topics.reply(by=employee, topic=discussion, text=text, at=now)

    assert "A hidden remark." in sign_in(employee).get(discussion.get_absolute_url()).content.decode()
    assert "A hidden remark." not in sign_in(executive).get(discussion.get_absolute_url()).content.decode()
    assert sign_in(executive).get(f"/feedback/posts/{post.pk}/").status_code == 404
    assert Topic.objects.get().reply_count == 0


def test_strategists_review_their_categories_and_privacy_officers_all(
    strategist, privacy_officer, employee, room, closed_room, now
):
    closed_room.audience.people.add(employee)
    text = topics.Text("Something.", uuid4(), found=["room"])
    for category in (room, closed_room):
        topic = TopicFactory(category=category)
        member = person_with()
        closed_room.audience.people.add(member)
        topics.reply(by=member, topic=topic, text=topics.Text(text.source, uuid4(), text.found), at=now)

    rooms = [hold.post.topic.category for hold in Hold.objects.visible_to(strategist)]

    assert rooms == [room]
    assert Hold.objects.visible_to(privacy_officer).count() == 2
    assert Hold.objects.visible_to(employee).count() == 0


@pytest.mark.parametrize("path", ["waiting/", "stories/board/", "categories/", "categories/new/"])
def test_pages_of_strategists_are_not_there_for_others(sign_in, employee, privacy_officer, path):
    assert [sign_in(person).get(f"/feedback/{path}").status_code for person in (employee, privacy_officer)] == [
        404,
        404,
    ]


def test_review_is_not_there_for_employees(sign_in, employee, strategist, privacy_officer):
    statuses = [sign_in(each).get("/feedback/review/").status_code for each in (employee, strategist, privacy_officer)]

    assert statuses == [404, 200, 200]
