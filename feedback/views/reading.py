"""Follow a topic, find a post helpful."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from coe_portal.core.http import PortalRequest, go
from feedback.actions import reading as actions
from feedback.models import POSTS_A_PAGE, Post, Reaction
from feedback.queries import threads
from feedback.views.common import visible_post, visible_thread, visible_topic


@require_POST
def follow(request: PortalRequest, topic_id: int) -> HttpResponse:
    topic = visible_topic(request.user, topic_id)
    act = actions.unfollow if request.POST.get("follow") == "no" else actions.follow
    act(by=request.user, topic=topic)
    return go(request, topic)


@require_POST
def helpful(request: PortalRequest, post_id: int) -> HttpResponse:
    """A second press takes it back. htmx gets the post anew, a plain browser goes back to it."""
    post = visible_post(request.user, post_id)
    already = Reaction.objects.filter(post=post, person=request.user).exists()
    act = actions.no_longer_helpful if already else actions.find_helpful
    act(by=request.user, post=post)
    return HttpResponse(_anew(request, post)) if request.htmx else go(request, post.get_absolute_url())


def _anew(request: PortalRequest, post: Post) -> str:
    page = (post.number - 1) // POSTS_A_PAGE + 1
    shown = visible_thread(request.user, post.topic_id, page)
    posts = [each for each in shown.posts if each.id == post.pk]
    return threads.rendered(posts, shown.topic, threads.reader_of(request.user, shown))
