"""Reading: the front page, lists, a topic."""

from dataclasses import astuple
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from coe_portal.core import versions
from coe_portal.core.http import PortalRequest
from coe_portal.core.paging import page_by_key
from coe_portal.people.models import User
from feedback import permissions, reads
from feedback.forms import ReplyForm
from feedback.models import Post, Topic
from feedback.queries import lists, threads, work
from feedback.queries.rooms import Room, digest, rooms_of
from feedback.views import tabs
from feedback.views.common import parts_of, visible_post, visible_room, visible_thread

MOST_PINNED = 10


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """No query when it is in the cache."""
    today, rooms = timezone.localdate(), rooms_of(request.user)
    duties = work.duties_of(request.user, today)
    roles = (*_roles(request.user).values(),)
    version = versions.read("feedback", "feedback.categories")
    keys = {
        "head": ("front", "head"),
        "content": ("front", digest(rooms), version, today, timezone.get_current_timezone_name(), *astuple(duties)),
        "aside": ("front", "aside", *roles),
    }
    parts = parts_of("feedback/_front_part.html", keys, lambda: _front(request.user, rooms, duties))
    return render(request, "feedback/index.html", {"parts": parts})


def _front(person: User, rooms: list[Room], duties: work.Duties) -> dict[str, Any]:
    return {
        "talked_about": lists.talked_about(rooms, timezone.now()),
        "categories": lists.categories_with_latest(rooms),
        "duties": duties,
        **_roles(person),
    }


def _roles(person: User) -> dict[str, bool]:
    return {
        "is_strategist": person.is_strategist,
        "is_privacy_officer": person.is_privacy_officer,
        "may_change_categories": permissions.can_manage_categories(person),
    }


@require_safe
def topics(request: PortalRequest) -> HttpResponse:
    """All topics over all categories; `?kind=` and `?state=` narrow it."""
    chosen = lists.Filter.of(request.GET)
    found = chosen.apply(Topic.objects.visible_to(request.user).standing(), request.user)
    page = page_by_key(request, found.only(*lists.ROW_COLUMNS), by="active_at")
    rows = lists.rows_of(page.rows, request.user, timezone.now(), with_category=True)
    return render(
        request, "feedback/topics.html", {"page": page, "rows": rows, "tabs": tabs.of_list(request.path, chosen)}
    )


@require_safe
def category(request: PortalRequest, category_slug: str) -> HttpResponse:
    """Two queries when its rows are in the cache: the topics, and what the reader has read of them."""
    shown = visible_room(request.user, category_slug)
    chosen = lists.Filter.of(request.GET)
    all_topics = Topic.objects.visible_to(request.user).standing().filter(category=shown.id).only(*lists.ROW_COLUMNS)
    found = chosen.apply(all_topics, request.user)
    page = page_by_key(request, found.filter(is_pinned=False), by="active_at")
    first = shown.has_pinned and not page.newest_url
    pinned = list(found.filter(is_pinned=True).order_by("-active_at", "-pk")[:MOST_PINNED]) if first else []
    context = {
        "page": page,
        "rows": lists.rows_of([*pinned, *page.rows], request.user, timezone.now(), with_category=False),
        "parts": _category_parts(request, shown, chosen),
    }
    return render(request, "feedback/category.html", context)


def _category_parts(request: PortalRequest, shown: Room, chosen: lists.Filter) -> dict[str, SafeString]:
    may_start, may_change = permissions.can_start(request.user, shown), permissions.can_manage_categories(request.user)
    key = ("category", shown.id, versions.read("feedback.categories"))
    keys = {"crumbs": ("category",), "head": (*key, may_start, may_change), "top": (*key, may_start, *astuple(chosen))}
    context = {
        "category": shown,
        "tabs": tabs.of_list(request.path, chosen),
        "may_start": may_start,
        "may_change": may_change,
    }
    return parts_of("feedback/_category_part.html", keys, lambda: context)


@require_safe
def topic(request: PortalRequest, topic_id: int) -> HttpResponse:
    """One query when it is in the cache; what was read is noted in the cache, too."""
    shown = visible_thread(request.user, topic_id, _page(request))
    if shown.posts:
        reads.remember(request.user.pk, topic_id, shown.posts[-1].number)
    return render(request, "feedback/topic.html", thread_context(request, shown))


def _page(request: PortalRequest) -> int:
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 7 else 1


def thread_context(request: PortalRequest, shown: threads.Thread, form: ReplyForm | None = None) -> dict[str, Any]:
    reader = threads.reader_of(request.user, shown)
    return {
        "topic": shown.topic,
        "parts": _topic_parts(request, shown, reader),
        "posts": threads.rendered(shown.posts, shown.topic, reader),
        "page": shown.page,
        "pages": shown.pages,
        "form": form or (ReplyForm(initial=_reply_start(request, shown)) if reader.replies else None),
        "draft_shown": form is None and bool(shown.mine.draft),
    }


def _topic_parts(request: PortalRequest, shown: threads.Thread, reader: threads.Reader) -> dict[str, SafeString]:
    """What runs out by itself, a claim or a verification, is part of the key."""
    topic, person, now = shown.topic, request.user, timezone.now()
    facts = {
        "follows": shown.mine.follows,
        "moderates": topic.author_id in reader.moderates,
        "claimed": topic.is_claimed(now),
        "claim_is_mine": topic.claimed_by_id == person.pk,
        "claimable": permissions.can_claim(person, topic, now),
        "verified": topic.is_verified(timezone.localdate()),
    }
    key = (topic.pk, topic.version, versions.read("feedback.categories"), reader.zone)
    keys = {
        "crumbs": key,
        "head": (*key, facts["claimed"], facts["verified"]),
        "top": key,
        "aside": (*key, *facts.values()),
    }
    return parts_of(
        "feedback/_topic_part.html",
        {name: (name, *each) for name, each in keys.items()},
        lambda: {**facts, "topic": topic},
    )


def _reply_start(request: PortalRequest, shown: threads.Thread) -> dict[str, str]:
    """What was kept, and below it the quotation that was asked for."""
    quote = request.GET.get("quote", "")
    if not quote.isdecimal():
        return {"text": shown.mine.draft}
    post = (
        Post.objects.visible_to(request.user).published().filter(topic=shown.topic, pk=quote).select_related("author")
    )
    return {"text": shown.mine.draft + "".join(threads.quoted(each) for each in post)}


@require_safe
def post(request: PortalRequest, post_id: int) -> HttpResponse:
    """The permanent address of a post leads to its place in the topic."""
    return redirect(visible_post(request.user, post_id).get_absolute_url())
