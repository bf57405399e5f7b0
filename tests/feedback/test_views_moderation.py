from datetime import timedelta
from uuid import uuid4

import pytest

from feedback.actions import moderation, topics
from feedback.models import Flag, Topic
from tests.factories.feedback import CategoryFactory, PostFactory, TopicFactory
from tests.factories.people import person_with


@pytest.fixture
def client(sign_in, strategist):
    return sign_in(strategist)


def test_flagging_through_the_page(sign_in, employee, discussion):
    post = discussion.posts.get()

    response = sign_in(employee).post(f"/feedback/posts/{post.pk}/flag/", {"reason": "wrong", "note": "See clause 2."})

    assert response.url == post.get_absolute_url()
    flag = Flag.objects.get()
    assert (flag.person, flag.reason, flag.note) == (employee, "wrong", "See clause 2.")


def test_nobody_flags_themselves(sign_in, employee, room):
    post = TopicFactory(category=room, author=employee).posts.get()

    assert sign_in(employee).post(f"/feedback/posts/{post.pk}/flag/", {"reason": "rude"}).status_code == 403


def test_pin_lock_move_and_remove_through_pages(client, everyone, discussion):
    other = CategoryFactory(audience=everyone)
    url = f"/feedback/topics/{discussion.pk}"
    client.post(f"{url}/pin/", {"on": "yes"})
    client.post(f"{url}/lock/", {"on": "yes"})
    client.post(f"{url}/move/", {"category": other.pk})
    discussion.refresh_from_db()
    assert (discussion.is_pinned, discussion.is_locked, discussion.category) == (True, True, other)

    client.post(f"{url}/pin/", {"on": "no"})
    client.post(f"{url}/lock/", {"on": "no"})
    client.post(f"/feedback/posts/{discussion.posts.get().pk}/remove/", {"reason": "Advertising."})
    discussion.refresh_from_db()
    assert (discussion.is_pinned, discussion.is_locked, discussion.removed_at is None) == (False, False, False)


def test_removing_needs_a_reason(client, discussion):
    response = client.post(f"/feedback/posts/{discussion.posts.get().pk}/remove/", {"reason": " "})

    assert list(response.context["form"].errors) == ["reason"]
    assert Topic.objects.get().removed_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_review_makes_constant_queries(client, strategist, discussion, rows, now, django_assert_num_queries):
    for number in range(rows):
        at = now + timedelta(minutes=number)
        topics.reply(by=person_with(), topic=discussion, text=topics.Text("Room 7.", uuid4(), ["room"]), at=at)
        flagged = PostFactory(topic=discussion, number=100 + number)
        moderation.flag(by=person_with(), post=flagged, reason="rude", note="", at=at)
        removed = PostFactory(topic=discussion, number=200 + number)
        moderation.remove(by=strategist, post=removed, reason="Rude.", at=at)
    client.get("/feedback/stories/")

    with django_assert_num_queries(5):  # held, flagged, their flags, who flagged, removed
        client.get("/feedback/review/")


def test_the_author_of_a_removed_topic_meets_no_page(sign_in, client, employee, room):
    topic = TopicFactory(category=room, author=employee)
    client.post(f"/feedback/posts/{topic.posts.get().pk}/remove/", {"reason": "Advertising."})

    assert sign_in(employee).get(topic.get_absolute_url()).status_code == 404
    assert employee.notifications.get().url == room.get_absolute_url()
