"""How the views find what they act on: always among what the person may see."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from coe_portal.core.http import PortalRequest
from coe_portal.people.models import User
from feedback.models import Category, Draft, Post, Topic
from feedback.queries import threads

OPEN_TO_STRATEGISTS = "Only strategists have this page."


def visible_topic(person: User, topic_id: int) -> Topic:
    topics = Topic.objects.visible_to(person).select_related("category")
    return get_object_or_404(topics, pk=topic_id)


def visible_thread(person: User, topic_id: int) -> threads.Thread:
    found = threads.thread(person, topic_id)
    if found is None:
        raise Http404
    return found


def visible_post(person: User, post_id: int) -> Post:
    posts = Post.objects.visible_to(person).select_related("topic__category", "author")
    return get_object_or_404(posts, pk=post_id)


def visible_category(person: User, slug: str) -> Category:
    return get_object_or_404(Category.objects.visible_to(person), slug=slug)


def only_strategists(person: User) -> None:
    """Others get the answer that an address without a page gets."""
    if not person.is_strategist:
        raise Http404(OPEN_TO_STRATEGISTS)


def draft_of(request: PortalRequest, place: str) -> Draft | None:
    return Draft.objects.filter(person=request.user, place=place).first()
