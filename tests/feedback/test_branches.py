"""A strategist for a branch looks after what people of the branch write and what happened there, by every door."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from coe_portal.people.access import Role
from coe_portal.people.models import Audience, User
from feedback import permissions
from feedback.actions import answers, moderation
from feedback.models import Category, Flag, Hold, Post, Story, Topic
from feedback.queries import work
from tests.factories.feedback import PostFactory, QuestionFactory, StoryFactory, TopicFactory
from tests.factories.people import DepartmentFactory, MembershipFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgery():
    return DepartmentFactory(name="Surgery")


@pytest.fixture
def theatre(surgery):
    return DepartmentFactory(name="Theatre", parent=surgery)


@pytest.fixture
def hub(surgery) -> User:
    return person_with(Role.STRATEGIST, branch=surgery)


@pytest.fixture
def authors(theatre, everyone: Audience) -> list[User]:
    """One of a team below Surgery, one of elsewhere, one of no department."""
    found = [person_with(name=name) for name in ("Insa Inside", "Otto Outside", "Nora Nowhere")]
    MembershipFactory(person=found[0], department=theatre)
    MembershipFactory(person=found[1], department=DepartmentFactory(name="Pharmacy"))
    return found


@pytest.fixture
def questions(room: Category, authors: list[User]) -> list[Topic]:
    return [QuestionFactory(category=room, author=each, title=f"Asked by {each.name}") for each in authors]


@pytest.fixture
def stories(theatre, authors: list[User]) -> list[Story]:
    places = (theatre, DepartmentFactory(name="Garden"))
    return [StoryFactory(department=each, submitter=authors[1], title=f"Story of {each}") for each in places]


def hold(**of) -> Hold:
    return Hold.objects.create(found=["room"], created_at=timezone.now(), **of)


def shown(client, url: str, texts) -> list[bool]:
    page = client.get(url).content.decode()
    return [text in page for text in texts]


def test_waiting_questions_are_those_of_the_branch(questions, hub, strategist, sign_in):
    titles, url = [each.title for each in questions], reverse("feedback:waiting")

    assert shown(sign_in(hub), url, [*titles, "What comes from: Surgery and below"]) == [True, False, False, True]
    assert shown(sign_in(strategist), url, [*titles, "What comes from"]) == [True, True, True, False]
    assert [work.duties_of(each, timezone.localdate()).questions for each in (hub, strategist)] == [1, 3]


def test_everybody_reads_and_replies_wherever_they_may(questions, hub, sign_in):
    pages = [sign_in(hub).get(each.get_absolute_url()) for each in questions]

    assert [page.status_code for page in pages] == [200, 200, 200]
    doors = [[reverse(f"feedback:{door}", args=[each.pk]) for door in ("pin", "move")] for each in questions]
    assert [
        [door in page.content.decode() for door in of] for page, of in zip(pages, doors, strict=True)
    ] == [[True, True], [False, False], [False, False]]  # fmt: skip
    assert [permissions.can_reply(hub, each) for each in questions] == [True, True, True]


@pytest.mark.parametrize("door", ["claim", "pin", "lock", "move", "verify", "duplicate"])
def test_what_is_elsewhere_is_not_theirs_to_moderate(questions, hub, sign_in, door):
    client = sign_in(hub)

    found = [client.post(reverse(f"feedback:{door}", args=[each.pk]), {"on": "yes"}).status_code for each in questions]

    assert [each == 404 for each in found] == [False, True, True]


@pytest.mark.parametrize("door", ["decide_flags", "remove", "restore"])
def test_posts_are_those_of_whoever_wrote_them(discussion: Topic, authors, hub, sign_in, door):
    client = sign_in(hub)
    posts = [PostFactory(topic=discussion, author=each, number=n) for n, each in enumerate(authors, start=2)]

    urls = [reverse(f"feedback:{door}", args=[each.pk]) for each in posts]

    answers = [client.post(url, {"uphold": "no", "reason": "Rude"}).status_code for url in urls]
    assert [each == 404 for each in answers] == [False, True, True]


def test_flags_and_removed_posts_are_those_of_the_branch(
    discussion: Topic, authors, hub, strategist, employee, sign_in
):
    for n, author in enumerate(authors, start=2):
        post = PostFactory(topic=discussion, author=author, number=n, source=f"Flagged {author.name}", html=author.name)
        Flag.objects.create(post=post, person=employee, reason="rude", created_at=timezone.now())
    gone = [
        PostFactory(topic=discussion, author=each, number=n, html="gone") for n, each in enumerate(authors, start=9)
    ]
    for post in gone:
        moderation.remove(by=strategist, post=post, reason="Rude", at=timezone.now())

    names = [each.name for each in authors]

    assert shown(sign_in(hub), reverse("feedback:review"), names) == [True, False, False]
    assert [post.author for post in work.removed(hub)] == authors[:1]
    assert work.duties_of(hub, timezone.localdate()).flagged == 1
    page = sign_in(hub).get(discussion.get_absolute_url()).content.decode()
    assert page.count("Show the removed text") == 1


def test_a_removed_topic_is_seen_by_whose_it_is_to_bring_back(questions, hub, strategist, sign_in):
    for each in questions:
        moderation.remove(by=strategist, post=each.posts.get(number=1), reason="Rude", at=timezone.now())

    assert [sign_in(hub).get(each.get_absolute_url()).status_code for each in questions] == [200, 404, 404]


def test_held_texts_are_those_of_the_branch(questions, stories, hub, privacy_officer, sign_in):
    posts = [hold(post=each.posts.get()) for each in questions]
    of_stories = [hold(story=each) for each in stories]

    assert set(Hold.objects.visible_to(hub)) == {posts[0], of_stories[0]}
    assert Hold.objects.visible_to(privacy_officer).count() == 5
    urls = [reverse("feedback:release", args=[each.pk]) for each in (*posts, *of_stories)]
    assert [sign_in(hub).post(url).status_code for url in urls] == [302, 404, 404, 302, 404]
    moderation.release(by=hub, hold=posts[1], at=timezone.now())
    assert Hold.objects.waiting().count() == 3


def test_the_board_has_the_stories_of_the_branch(stories, hub, strategist, sign_in):
    titles = [each.title for each in stories]

    assert shown(sign_in(hub), reverse("feedback:board"), titles) == [True, False]
    assert shown(sign_in(strategist), reverse("feedback:board"), titles) == [True, True]
    assert [sign_in(hub).get(each.get_absolute_url()).status_code for each in stories] == [200, 404]
    doors = [reverse("feedback:move_story", args=[each.pk]) for each in stories]
    assert [sign_in(hub).post(url, {"state": "shortlisted"}).status_code for url in doors] == [302, 404]


def test_ones_own_story_elsewhere_is_followed_and_not_moved(stories, hub, sign_in):
    own = StoryFactory(submitter=hub, department=stories[1].department, title="Mine")
    client = sign_in(hub)

    page = client.get(own.get_absolute_url())
    assert (page.status_code, "authorisation_form" in page.context, page.context["may_move"]) == (200, True, False)
    assert client.post(reverse("feedback:move_story", args=[own.pk]), {"state": "shortlisted"}).status_code == 404
    assert "Mine" not in client.get(reverse("feedback:board")).content.decode()


def test_categories_are_the_whole_organisations(room: Category, hub, strategist, sign_in):
    urls = [
        reverse("feedback:categories"),
        reverse("feedback:new_category"),
        reverse("feedback:change_category", args=[room.pk]),
    ]

    assert [sign_in(hub).get(url).status_code for url in urls] == [404] * 3
    assert [sign_in(strategist).get(url).status_code for url in urls] == [200] * 3


def test_actions_ask_again(questions, hub, discussion: Topic):
    post: Post = questions[1].posts.get()
    with pytest.raises(PermissionDenied):
        moderation.remove(by=hub, post=post, reason="No", at=timezone.now())
    with pytest.raises(PermissionDenied):
        moderation.pin(by=hub, topic=questions[2], pinned=True)
    with pytest.raises(PermissionDenied):
        answers.claim(by=hub, topic=questions[1], at=timezone.now())


def test_a_topic_costs_a_few_questions_more_for_a_branch_however_many_wrote(
    room: Category, hub, sign_in, django_assert_max_num_queries
):
    client, topic = sign_in(hub), TopicFactory(category=room, last_published=15)
    for n in range(2, 15):
        PostFactory(topic=topic, number=n)
    client.get(topic.get_absolute_url())

    with django_assert_max_num_queries(6):
        client.get(topic.get_absolute_url())
