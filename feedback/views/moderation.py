"""Moderation: flags, pins, locks, moves, removals, and the queue of held texts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go
from feedback import permissions
from feedback.actions import moderation as actions
from feedback.forms import FlagForm, MoveForm, ReasonForm
from feedback.models import Category, Hold
from feedback.queries import work
from feedback.views.common import branch_of, moderated_post, moderated_topic, visible_post


@require_safe
def review(request: PortalRequest) -> HttpResponse:
    """Held texts for strategists and privacy officers; flags and removed posts for strategists."""
    if not permissions.can_review(request.user):
        raise Http404
    context = {
        "branch": branch_of(request.user),
        "holds": work.held(request.user),
        "flagged": work.flagged_posts(request.user),
        "removed": work.removed(request.user),
        "reason_form": ReasonForm(auto_id=False),
    }
    return render(request, "feedback/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: PortalRequest, post_id: int) -> HttpResponse:
    post = visible_post(request.user, post_id)
    if not permissions.can_flag(request.user, post):
        raise PermissionDenied
    form = FlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.flag(by=request.user, post=post, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. A strategist will look at it."))
        return go(request, post.get_absolute_url())
    return render(request, "feedback/flag.html", {"form": form, "post": post})


@require_POST
def decide_flags(request: PortalRequest, post_id: int) -> HttpResponse:
    """`uphold=yes` removes the post and needs a reason."""
    post = moderated_post(request.user, post_id)
    upheld = request.POST.get("uphold") == "yes"
    form = ReasonForm(request.POST)
    if upheld and not form.is_valid():
        messages.error(request, _("Give the reason: the author sees it."))
        return go(request, "feedback:review")
    reason = form.cleaned_data["reason"] if upheld else ""
    actions.decide_flags(by=request.user, post=post, upheld=upheld, reason=reason, at=timezone.now())
    return go(request, "feedback:review")


@require_POST
def pin(request: PortalRequest, topic_id: int) -> HttpResponse:
    topic = moderated_topic(request.user, topic_id)
    actions.pin(by=request.user, topic=topic, pinned=request.POST.get("on") == "yes")
    return go(request, topic)


@require_POST
def lock(request: PortalRequest, topic_id: int) -> HttpResponse:
    topic = moderated_topic(request.user, topic_id)
    actions.lock(by=request.user, topic=topic, locked=request.POST.get("on") == "yes")
    return go(request, topic)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PortalRequest, topic_id: int) -> HttpResponse:
    topic = moderated_topic(request.user, topic_id)
    categories = Category.objects.visible_to(request.user)
    form = MoveForm(request.POST or None, topic=topic, categories=categories)
    if request.method == "POST" and form.is_valid():
        actions.move(by=request.user, topic=topic, category=form.cleaned_data["category"])
        return go(request, topic)
    return render(request, "feedback/move.html", {"form": form, "topic": topic})


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PortalRequest, post_id: int) -> HttpResponse:
    post = moderated_post(request.user, post_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove(by=request.user, post=post, reason=form.cleaned_data["reason"], at=timezone.now())
        messages.success(request, _("The post is removed. You can restore it from the review page."))
        return go(request, post.get_absolute_url())
    return render(request, "feedback/remove.html", {"form": form, "post": post})


@require_POST
def restore(request: PortalRequest, post_id: int) -> HttpResponse:
    post = moderated_post(request.user, post_id)
    actions.restore(by=request.user, post=post)
    return go(request, post.get_absolute_url())


def _visible_hold(request: PortalRequest, hold_id: int) -> Hold:
    holds = Hold.objects.visible_to(request.user).waiting().select_related("post__topic__category", "story")
    return get_object_or_404(holds, pk=hold_id)


@require_POST
def release(request: PortalRequest, hold_id: int) -> HttpResponse:
    actions.release(by=request.user, hold=_visible_hold(request, hold_id), at=timezone.now())
    messages.success(request, _("The text is released, and its author is told."))
    return go(request, "feedback:review")


@require_POST
def refuse(request: PortalRequest, hold_id: int) -> HttpResponse:
    hold = _visible_hold(request, hold_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the reason: the author sees it."))
        return go(request, "feedback:review")
    actions.refuse(by=request.user, hold=hold, reason=form.cleaned_data["reason"], at=timezone.now())
    messages.success(request, _("The text stays hidden, and its author is told why."))
    return go(request, "feedback:review")
