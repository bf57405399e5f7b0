from uuid import uuid4

import pytest

from feedback.models import Draft, Hold, Post, PostEdit, Topic
from tests.factories.feedback import CategoryFactory, PostFactory, TopicFactory

SUSPICIOUS = "Her MRN 4471230 was visible."


@pytest.fixture
def client(sign_in, employee, room):
    return sign_in(employee)


def test_start_a_discussion(client, employee):
    response = client.post("/feedback/everyday/new/", {"title": "A new topic", "text": "Hello all.", "key": uuid4()})

    topic = Topic.objects.get()
    assert response.url == topic.get_absolute_url()
    assert (topic.kind, topic.author) == ("discussion", employee)


def test_start_is_forbidden_where_only_strategists_start(client, everyone):
    CategoryFactory(slug="news", audience=everyone, starters="strategists")

    assert client.get("/feedback/news/new/").status_code == 403
    assert (
        client.post("/feedback/news/new/", {"title": "A new topic", "text": "Hi.", "key": uuid4()}).status_code == 403
    )


def test_reply_and_come_back_to_the_post(client, discussion):
    response = client.post(f"/feedback/topics/{discussion.pk}/reply/", {"text": "I agree.", "key": uuid4()})

    post = Post.objects.get(number=2)
    assert response.url == f"/feedback/topics/{discussion.pk}/#post-{post.pk}"


def test_an_empty_reply_shows_the_error_and_keeps_the_page(client, discussion):
    response = client.post(f"/feedback/topics/{discussion.pk}/reply/", {"text": " ", "key": uuid4()})

    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert discussion.title in response.content.decode()


def test_a_suspicious_reply_comes_back_marked_and_is_kept_as_a_draft(client, discussion):
    response = client.post(f"/feedback/topics/{discussion.pk}/reply/", {"text": SUSPICIOUS, "key": uuid4()})

    assert "<mark" in response.content.decode()
    assert Post.objects.count() == 1
    assert Draft.objects.get().place == f"reply:{discussion.pk}"


def test_a_confirmed_reply_waits_for_review(client, discussion):
    url = f"/feedback/topics/{discussion.pk}/reply/"
    digest = client.post(url, {"text": SUSPICIOUS, "key": uuid4()}).context["form"].suspicion.digest

    client.post(url, {"text": SUSPICIOUS, "key": uuid4(), "confirmed": digest})

    assert Post.objects.get(number=2).is_held is True
    assert Hold.objects.count() == 1
    assert "Only you see this" in client.get(discussion.get_absolute_url()).content.decode()


def test_a_reply_draft_is_shown_again_in_the_topic(client, discussion):
    client.post(f"/feedback/drafts/reply/{discussion.pk}/", {"text": "Half a rep"})

    html = client.get(discussion.get_absolute_url()).content.decode()

    assert "Half a rep" in html
    assert "We kept what you had typed" in html


def test_edit_through_the_page(client, employee, room):
    post = TopicFactory(category=room, author=employee, first_post="Helo.").posts.get()

    assert "Helo." in client.get(f"/feedback/posts/{post.pk}/edit/").content.decode()
    response = client.post(
        f"/feedback/posts/{post.pk}/edit/", {"title": "A better title", "text": "Hello.", "key": uuid4()}
    )

    assert response.url == post.get_absolute_url()
    assert Topic.objects.get().title == "A better title"
    assert PostEdit.objects.get().source == "Helo."


def test_a_reply_is_edited_without_a_title(client, employee, discussion):
    post = PostFactory(topic=discussion, number=2, author=employee)

    client.post(f"/feedback/posts/{post.pk}/edit/", {"text": "Changed.", "key": uuid4()})

    post.refresh_from_db()
    assert post.source == "Changed."


def test_others_do_not_edit(client, discussion):
    assert client.get(f"/feedback/posts/{discussion.posts.get().pk}/edit/").status_code == 403


def test_the_history_is_for_the_author_and_strategists(sign_in, client, employee, strategist, executive, room):
    post = TopicFactory(category=room, author=employee).posts.get()
    client.post(f"/feedback/posts/{post.pk}/edit/", {"title": "A better title", "text": "Hello.", "key": uuid4()})
    url = f"/feedback/posts/{post.pk}/history/"

    assert "How do we do this?" in client.get(url).content.decode()
    assert [sign_in(each).get(url).status_code for each in (strategist, executive)] == [200, 404]


@pytest.mark.parametrize("place", ["nonsense/", "nonsense/3/", "ask/3/", "reply/"])
def test_there_are_no_other_drafts(client, place):
    assert client.post(f"/feedback/drafts/{place}", {"text": "x"}).status_code == 404


def test_text_is_cleaned_of_markup(client, discussion):
    text = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> **fine**"
    client.post(f"/feedback/topics/{discussion.pk}/reply/", {"text": text, "key": uuid4()})

    html = Post.objects.get(number=2).html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "<strong>fine</strong>" in html


def test_a_nul_byte_is_an_error_and_no_crash(client, discussion):
    url = f"/feedback/topics/{discussion.pk}/reply/"

    assert client.post(url, {"text": "a\x00b", "key": uuid4()}).status_code == 200
    assert client.post(f"/feedback/drafts/reply/{discussion.pk}/", {"text": "a\x00b"}).status_code == 200
    assert Draft.objects.get().fields == {"text": "ab"}
