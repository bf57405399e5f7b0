from feedback.models import Follow, Post, Reaction
from tests.factories.feedback import PostFactory, TopicFactory


def test_helpful_is_counted_once_and_taken_back(sign_in, employee, discussion):
    post = discussion.posts.get()
    client = sign_in(employee)

    client.post(f"/feedback/posts/{post.pk}/helpful/")
    assert (Reaction.objects.count(), Post.objects.get().helpful_count) == (1, 1)

    client.post(f"/feedback/posts/{post.pk}/helpful/")
    assert (Reaction.objects.count(), Post.objects.get().helpful_count) == (0, 0)


def test_htmx_gets_the_post_anew(sign_in, employee, discussion):
    post = discussion.posts.get()

    response = sign_in(employee).post(f"/feedback/posts/{post.pk}/helpful/", headers={"hx-request": "true"})

    html = response.content.decode()
    assert html.lstrip().startswith("<article")
    assert 'aria-pressed="true"' in html


def test_nobody_finds_their_own_post_helpful(sign_in, employee, room):
    post = TopicFactory(category=room, author=employee).posts.get()

    assert sign_in(employee).post(f"/feedback/posts/{post.pk}/helpful/").status_code == 403


def test_the_count_shows_at_once_on_a_warm_page(sign_in, employee, strategist, discussion):
    post = PostFactory(topic=discussion, number=2)
    client = sign_in(employee)
    client.get(discussion.get_absolute_url())

    sign_in(strategist).post(f"/feedback/posts/{post.pk}/helpful/")

    assert '<span class="num">1</span>' in client.get(discussion.get_absolute_url()).content.decode()


def test_follow_and_stop_following(sign_in, employee, discussion):
    client = sign_in(employee)

    client.post(f"/feedback/topics/{discussion.pk}/follow/", {"follow": "yes"})
    client.post(f"/feedback/topics/{discussion.pk}/follow/", {"follow": "yes"})
    assert Follow.objects.count() == 1

    client.post(f"/feedback/topics/{discussion.pk}/follow/", {"follow": "no"})
    assert Follow.objects.count() == 0


def test_nothing_changes_on_a_get(sign_in, employee, discussion):
    post = discussion.posts.get()
    client = sign_in(employee)

    for path in (f"posts/{post.pk}/helpful/", f"topics/{discussion.pk}/follow/", "ask/opened/", "drafts/ask/"):
        assert client.get(f"/feedback/{path}").status_code == 405
