from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.actions.topics import Text, reply
from feedback.models import ReadMark, Topic
from feedback.queries.lists import rows_of
from tests.factories.feedback import CategoryFactory, PostFactory, QuestionFactory, TopicFactory
from tests.factories.people import person_with


def test_index_shows_categories_with_their_latest_topics(sign_in, employee, room, discussion):
    response = sign_in(employee).get("/feedback/")

    html = response.content.decode()
    assert response.status_code == 200
    assert "Everyday posting" in html
    assert "Which hashtags for nurses week" in html


def test_index_needs_no_query_of_its_own_when_warm(sign_in, employee, room, discussion, django_assert_num_queries):
    client = sign_in(employee)
    client.get("/feedback/")

    with django_assert_num_queries(0):
        client.get("/feedback/")


def test_a_new_topic_shows_on_the_index_at_once(sign_in, employee, room, django_capture_on_commit_callbacks):
    client = sign_in(employee)
    client.get("/feedback/")

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/feedback/everyday/new/", {"title": "A brand new topic", "text": "Hello all.", "key": uuid4()})

    assert "A brand new topic" in client.get("/feedback/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_make_constant_queries(sign_in, employee, room, rows, django_assert_num_queries):
    TopicFactory.create_batch(rows, category=room)
    client = sign_in(employee)
    client.get("/feedback/stories/")

    with django_assert_num_queries(4):  # categories, topics, marks; the rows, which are not in the cache yet
        client.get("/feedback/everyday/")
    with django_assert_num_queries(2):
        client.get("/feedback/everyday/")


@pytest.mark.parametrize("rows", [1, 3])
def test_index_makes_constant_queries_when_cold(sign_in, employee, everyone, rows, django_assert_num_queries):
    for _ in range(rows):
        TopicFactory(category=CategoryFactory(audience=everyone), created_at=timezone.now())
    client = sign_in(employee)
    client.get("/feedback/stories/")

    with django_assert_num_queries(4):  # categories; theirs with the newest topics; the topics; what is talked about
        client.get("/feedback/")


def test_a_list_pages_by_key(sign_in, employee, room):
    topics = [TopicFactory(category=room, title=f"Topic of minute {n:02}") for n in range(32)]
    for minute, topic in enumerate(topics):
        Topic.objects.filter(pk=topic.pk).update(active_at=topic.active_at + timedelta(minutes=minute))
    client = sign_in(employee)

    first = client.get("/feedback/everyday/")
    second = client.get(first.context["page"].older_url)

    assert "Topic of minute 31" in first.content.decode()
    assert [topic.title for topic in second.context["page"].rows] == ["Topic of minute 01", "Topic of minute 00"]


def test_a_list_says_which_topics_are_new_and_which_have_new_replies(employee, room):
    young = TopicFactory(category=room, created_at=timezone.now())
    grown = TopicFactory(category=room, last_published=3)
    known = TopicFactory(category=room, last_published=3)
    for topic, number in ((grown, 2), (known, 3)):
        ReadMark.objects.create(topic=topic, person=employee, number=number, read_at=timezone.now())

    html = rows_of([young, grown, known], employee, timezone.now(), with_category=False)

    assert html.count('data-news="new"') == 1
    assert html.count('data-news="more"') == 1


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Open?", "Answered?", "Chat about it"]),
        ("?kind=question", ["Open?", "Answered?"]),
        ("?kind=discussion", ["Chat about it"]),
        ("?state=unanswered", ["Open?"]),
        ("?state=answered", ["Answered?"]),
        ("?state=mine", ["Chat about it"]),
        ("?state=nonsense", ["Open?", "Answered?", "Chat about it"]),
    ],
)
def test_lists_are_filtered_by_address(sign_in, employee, room, query, titles):
    QuestionFactory(category=room, title="Open?")
    answered = QuestionFactory(category=room, title="Answered?")
    TopicFactory(category=room, title="Chat about it", author=employee)
    answer = PostFactory(topic=answered, number=2)
    Topic.objects.filter(pk=answered.pk).update(accepted=answer, accepted_by=employee, accepted_at=timezone.now())

    shown = sign_in(employee).get(f"/feedback/topics/{query}").context["page"].rows

    assert sorted(topic.title for topic in shown) == sorted(titles)


def test_a_topic_shows_twenty_posts_a_page(sign_in, employee, discussion):
    for number in range(2, 26):
        PostFactory(topic=discussion, number=number, source=f"This is post {number}.")
    Topic.objects.filter(pk=discussion.pk).update(last_number=25, last_published=25)
    client = sign_in(employee)

    first = client.get(discussion.get_absolute_url()).content.decode()
    second = client.get(discussion.get_absolute_url() + "?page=2").content.decode()

    assert first.count("<article") == 20
    assert second.count("<article") == 5
    assert "This is post 25." in second


def test_a_warm_topic_of_twenty_posts_needs_one_query(sign_in, employee, discussion, django_assert_num_queries):
    for number in range(2, 21):
        PostFactory(topic=discussion, number=number)
    Topic.objects.filter(pk=discussion.pk).update(last_number=20, last_published=20)
    client = sign_in(employee)
    client.get(discussion.get_absolute_url())

    with django_assert_num_queries(1):
        client.get(discussion.get_absolute_url())


@pytest.mark.parametrize("posts", [1, 3])
def test_a_cold_topic_makes_constant_queries(sign_in, employee, discussion, posts, django_assert_num_queries):
    for number in range(2, posts + 2):
        PostFactory(topic=discussion, number=number)
    Topic.objects.filter(pk=discussion.pk).update(last_number=posts + 1, last_published=posts + 1)
    client = sign_in(employee)
    client.get("/feedback/")

    with django_assert_num_queries(6):
        client.get(discussion.get_absolute_url())


def test_right_after_a_reply_others_need_five_queries(sign_in, employee, discussion, now, django_assert_num_queries):
    client = sign_in(employee)
    client.get(discussion.get_absolute_url())
    reply(by=person_with(), topic=discussion, text=Text("News.", uuid4()), at=now)

    with django_assert_num_queries(5):
        client.get(discussion.get_absolute_url())


def test_held_posts_make_no_page_of_their_own(sign_in, employee, executive, discussion):
    for number in range(2, 21):
        PostFactory(topic=discussion, number=number)
    held = PostFactory(topic=discussion, number=21, author=employee, is_held=True)
    Topic.objects.filter(pk=discussion.pk).update(last_number=21, last_published=20)

    mine = sign_in(employee).get(held.get_absolute_url())
    others = sign_in(executive).get(discussion.get_absolute_url())

    assert (mine.context["pages"], mine.content.decode().count("<article")) == (1, 21)
    assert (others.context["pages"], others.content.decode().count("<article")) == (1, 20)


def test_the_permanent_link_leads_to_the_page_of_the_post(sign_in, employee, discussion):
    post = PostFactory(topic=discussion, number=41)
    Topic.objects.filter(pk=discussion.pk).update(last_number=41, last_published=41)

    response = sign_in(employee).get(f"/feedback/posts/{post.pk}/")

    assert response.url == f"/feedback/topics/{discussion.pk}/?page=3#post-{post.pk}"


def test_a_quotation_waits_in_the_reply_form(sign_in, employee, discussion):
    post = PostFactory(topic=discussion, number=2, author__name="Uma Iyer", source="First line.\nSecond line.")

    response = sign_in(employee).get(f"{discussion.get_absolute_url()}?quote={post.pk}")

    assert response.context["form"].initial["text"] == "> **Uma Iyer:**\n>\n> First line.\n> Second line.\n\n"


def test_the_form_is_there_only_where_one_may_reply(sign_in, employee, discussion):
    Topic.objects.filter(pk=discussion.pk).update(is_locked=True)

    response = sign_in(employee).get(discussion.get_absolute_url())

    assert response.context["form"] is None


def test_a_category_says_who_may_start_topics(sign_in, employee, strategist, everyone):
    CategoryFactory(slug="news", audience=everyone, starters="strategists")

    assert (
        sign_in(employee).get(reverse("feedback:category", args=["news"])).content.decode().count("Start a discussion")
        == 0
    )
    assert (
        sign_in(strategist)
        .get(reverse("feedback:category", args=["news"]))
        .content.decode()
        .count("Start a discussion")
        == 1
    )
