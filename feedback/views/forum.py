"""Reading: the front page, lists, a topic."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coe_portal.core import versions
from coe_portal.core.fragments import fragment
from coe_portal.core.http import PortalRequest
from coe_portal.core.paging import page_by_key
from feedback import permissions, reads
from feedback.forms import ReplyForm
from feedback.models import Post, Topic
from feedback.queries import lists, threads, work
from feedback.queries.rooms import Room, digest, rooms_of
from feedback.views import tabs
from feedback.views.common import visible_category, visible_post, visible_thread

MOST_PINNED = 10


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    rooms = rooms_of(request.user)
    version = versions.read("feedback", "feedback.categories")
    body = fragment(
        "feedback/_front.html",
        (digest(rooms), version, today, timezone.get_current_timezone_name()),
        lambda: _front(rooms, timezone.now()),
    )
    context = {"body": body, "duties": work.duties_of(request.user, today)}
    return render(request, "feedback/index.html", context)


def _front(rooms: list[Room], at: datetime) -> dict[str, Any]:
    return {"talked_about": lists.talked_about(rooms, at), "categories": lists.categories_with_latest(rooms)}


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
    shown = visible_category(request.user, category_slug)
    chosen = lists.Filter.of(request.GET)
    all_topics = Topic.objects.visible_to(request.user).standing().filter(category=shown).only(*lists.ROW_COLUMNS)
    found = chosen.apply(all_topics, request.user)
    page = page_by_key(request, found.filter(is_pinned=False), by="active_at")
    pinned = [] if page.newest_url else list(found.filter(is_pinned=True).order_by("-active_at", "-pk")[:MOST_PINNED])
    context = {
        "category": shown,
        "page": page,
        "rows": lists.rows_of([*pinned, *page.rows], request.user, timezone.now(), with_category=False),
        "tabs": tabs.of_list(request.path, chosen),
        "may_start": permissions.can_start(request.user, shown),
    }
    return render(request, "feedback/category.html", context)


@require_safe
def topic(request: PortalRequest, topic_id: int) -> HttpResponse:
    """Two queries when its posts are in the cache; what was read is noted in the cache, too."""
    shown = visible_thread(request.user, topic_id)
    page = _page(request, threads.pages_of(shown.topic))
    posts = threads.posts_on_page(shown.topic, request.user, page)
    if posts:
        reads.remember(request.user.pk, topic_id, posts[-1].number)
    return render(request, "feedback/topic.html", thread_context(request, shown, posts, page))


def _page(request: PortalRequest, last: int) -> int:
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 7 else 1


def thread_context(
    request: PortalRequest, shown: threads.Thread, posts: list[Post], page: int, form: ReplyForm | None = None
) -> dict[str, Any]:
    reader = threads.reader_of(request.user, shown)
    topic, now = shown.topic, timezone.now()
    return {
        "topic": topic,
        "follows": shown.follows,
        "posts": threads.rendered(posts, topic, reader),
        "page": page,
        "pages": threads.pages_of(topic),
        "reader": reader,
        "form": form or (ReplyForm(initial=_reply_start(request, shown)) if reader.replies else None),
        "draft_shown": form is None and bool(shown.draft),
        "claimed": topic.is_claimed(now),
        "claimable": permissions.can_claim(request.user, topic, now),
        "verified": topic.is_verified(timezone.localdate()),
    }


def _reply_start(request: PortalRequest, shown: threads.Thread) -> dict[str, str]:
    """What was kept, and below it the quotation that was asked for."""
    quote = request.GET.get("quote", "")
    if not quote.isdecimal():
        return {"text": shown.draft}
    post = (
        Post.objects.visible_to(request.user).published().filter(topic=shown.topic, pk=quote).select_related("author")
    )
    return {"text": shown.draft + "".join(threads.quoted(each) for each in post)}


@require_safe
def post(request: PortalRequest, post_id: int) -> HttpResponse:
    """The permanent address of a post leads to its place in the topic."""
    return redirect(visible_post(request.user, post_id).get_absolute_url())
