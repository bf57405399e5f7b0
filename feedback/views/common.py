"""How the views find what they act on: always among what the person may see."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString

from coe_portal.core.fragments import fragments
from coe_portal.core.http import PortalRequest
from coe_portal.people.access import Role
from coe_portal.people.models import User
from coe_portal.people.queries import branch_names
from feedback.models import Category, Draft, Post, Topic
from feedback.queries import threads
from feedback.queries.rooms import Room, room_of


def visible_topic(person: User, topic_id: int) -> Topic:
    topics = Topic.objects.visible_to(person).select_related("category")
    return get_object_or_404(topics, pk=topic_id)


def visible_thread(person: User, topic_id: int, page: int = 1) -> threads.Thread:
    found = threads.thread(person, topic_id, page)
    if found is None:
        raise Http404
    return found


def visible_post(person: User, post_id: int) -> Post:
    posts = Post.objects.visible_to(person).select_related("topic__category", "author")
    return get_object_or_404(posts, pk=post_id)


def moderated_topic(person: User, topic_id: int) -> Topic:
    topics = Topic.objects.moderated_by(person).select_related("category")
    return get_object_or_404(topics, pk=topic_id)


def moderated_post(person: User, post_id: int) -> Post:
    posts = Post.objects.moderated_by(person).select_related("topic__category", "author")
    return get_object_or_404(posts, pk=post_id)


def branch_of(person: User) -> list[str]:
    """Whose texts a strategist's lists show, where they are not the whole organisation's."""
    return branch_names(person.access.reach(Role.STRATEGIST)) if person.is_strategist else []


def visible_category(person: User, slug: str) -> Category:
    return get_object_or_404(Category.objects.visible_to(person), slug=slug)


def visible_room(person: User, slug: str) -> Room:
    found = room_of(person, slug)
    if found is None:
        raise Http404
    return found


def parts_of(
    template: str, keys: Mapping[str, Sequence[object]], context: Callable[[], Mapping[str, Any]]
) -> dict[str, SafeString]:
    """Named parts of one page, each kept by its own key, read in one round trip; the template tells them by `part`."""
    return fragments(template, keys, lambda names: _contexts(names, context()))


def _contexts(names: Sequence[str], context: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: {**context, "part": name} for name in names}


def only_strategists(person: User) -> None:
    """Others get the answer that an address without a page gets."""
    if not person.is_strategist:
        raise Http404("Only strategists have this page.")


def draft_of(request: PortalRequest, place: str) -> Draft | None:
    return Draft.objects.filter(person=request.user, place=place).first()
