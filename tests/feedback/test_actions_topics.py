from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from coe_portal.audit.models import AuditEntry
from coe_portal.search.models import SearchDocument
from feedback.actions import topics
from feedback.actions.topics import Text
from feedback.models import Category, Draft, Follow, Hold, Post, PostEdit, Topic
from tests.factories.feedback import CategoryFactory, TopicFactory
from tests.factories.people import person_with

KEY = UUID("7f1e7f8e-1d6c-4b43-9a29-0d9d6e2e0a10")


def start(by, category, now, **changes):
    values = {"kind": "discussion", "title": "A title", "text": Text("Hello **all**.", uuid4()), "at": now} | changes
    return topics.start(by=by, category=category, **values)


def test_start_writes_the_first_post_counts_and_leaves_a_trace(employee, room, now):
    topic = start(employee, room, now)

    post = topic.posts.get()
    room.refresh_from_db()
    assert (post.number, post.html, post.by_center) == (1, "<p>Hello <strong>all</strong>.</p>\n", False)
    assert (room.topic_count, room.post_count) == (1, 1)
    assert Follow.objects.get().person == employee
    entry = AuditEntry.objects.get(kind="feedback.topic")
    assert (entry.actor, entry.verb, entry.summary) == (employee, "started", f"started topic {topic.pk}")
    assert SearchDocument.objects.get().title == "A title"


def test_start_is_refused_where_only_strategists_start(employee, strategist, everyone, now):
    news = CategoryFactory(audience=everyone, starters="strategists")

    with pytest.raises(PermissionDenied):
        start(employee, news, now)
    assert start(strategist, news, now).posts.get().by_center is True


def test_the_same_form_sent_twice_starts_one_topic(employee, room, now):
    first = start(employee, room, now, text=Text("Hello.", KEY))
    second = start(employee, room, now, text=Text("Hello.", KEY))

    assert first == second
    assert Post.objects.count() == 1
    room.refresh_from_db()
    assert room.post_count == 1


def test_reply_counts_and_moves_the_topic_up(employee, discussion, room, now):
    topics.reply(by=employee, topic=discussion, text=Text("I agree.", uuid4()), at=now)

    discussion.refresh_from_db()
    assert (discussion.reply_count, discussion.last_number, discussion.last_published) == (1, 2, 2)
    assert (discussion.active_at, discussion.last_author, discussion.first_reply_at) == (now, employee, now)


def test_the_author_answering_alone_is_no_first_reply(discussion, now):
    topics.reply(by=discussion.author, topic=discussion, text=Text("One more thing.", uuid4()), at=now)

    discussion.refresh_from_db()
    assert discussion.first_reply_at is None


def test_reply_tells_the_followers_once_and_not_the_writer(employee, room, now):
    author = person_with()
    topic = start(author, room, now)

    post = topics.reply(by=employee, topic=topic, text=Text("I agree.", KEY), at=now)
    topics.reply(by=employee, topic=topic, text=Text("I agree.", KEY), at=now)

    told = author.notifications.get()
    assert (told.kind, told.subject, told.url) == ("feedback.reply", "A title", post.get_absolute_url())
    assert employee.notifications.count() == 0
    assert Post.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_sendings_at_once_make_one_reply():
    room = CategoryFactory(audience=person_audience())
    person = person_with()
    topic = TopicFactory(category=room)

    def send(_):
        try:
            return topics.reply(by=person, topic=topic, text=Text("Once.", KEY), at=topic.created_at).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(send, range(20)))

    assert len(made) == 1
    topic.refresh_from_db()
    assert (topic.last_number, topic.reply_count) == (2, 1)


def person_audience():
    from coe_portal.people.models import Audience

    audience, _ = Audience.objects.get_or_create(is_everyone=True, defaults={"name": "Everyone"})
    return audience


def test_a_closed_topic_takes_replies_of_strategists_only(employee, strategist, discussion, now):
    Topic.objects.filter(pk=discussion.pk).update(is_locked=True)

    with pytest.raises(PermissionDenied):
        topics.reply(by=employee, topic=discussion, text=Text("Too late.", uuid4()), at=now)
    topics.reply(by=strategist, topic=discussion, text=Text("A last word.", uuid4()), at=now)

    assert discussion.posts.count() == 2


def test_a_reply_ends_the_draft_of_it(employee, discussion, now):
    Draft.objects.create(person=employee, place=f"reply:{discussion.pk}", fields={"text": "I ag"}, updated_at=now)

    topics.reply(by=employee, topic=discussion, text=Text("I agree.", uuid4()), at=now)

    assert Draft.objects.count() == 0


def test_edit_keeps_what_was_there_before(employee, room, now):
    topic = start(employee, room, now)
    post = topic.posts.get()

    topics.edit(by=employee, post=post, text=Text("Hello again.", uuid4()), title="A better title", at=now)

    post.refresh_from_db()
    topic.refresh_from_db()
    assert (post.source, post.version, topic.title) == ("Hello again.", 2, "A better title")
    assert PostEdit.objects.get().source == "Hello **all**."
    assert SearchDocument.objects.get().title == "A better title"


def test_only_the_author_edits(employee, strategist, room, now):
    post = start(employee, room, now).posts.get()

    with pytest.raises(PermissionDenied):
        topics.edit(by=strategist, post=post, text=Text("Not mine.", uuid4()), title="Not mine", at=now)


def test_an_edit_that_looks_like_patient_information_hides_the_post_again(employee, room, now):
    topic = start(employee, room, now)

    topics.edit(by=employee, post=topic.posts.get(), text=Text("Room 7.", uuid4(), ["room"]), title="A title", at=now)

    topic.refresh_from_db()
    assert topic.is_held is True
    assert Hold.objects.waiting().get().found == ["room"]
    assert SearchDocument.objects.count() == 0
    assert Category.objects.get().topic_count == 0


def test_taking_it_out_again_needs_no_review(employee, room, now):
    topic = start(employee, room, now, text=Text("Room 7.", uuid4(), ["room"]))

    topics.edit(by=employee, post=topic.posts.get(), text=Text("A room.", uuid4()), title="A title", at=now)

    topic.refresh_from_db()
    assert topic.is_held is False
    assert Hold.objects.waiting().count() == 0
    assert SearchDocument.objects.count() == 1
    assert Category.objects.get().topic_count == 1
