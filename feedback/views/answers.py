"""Answers: the strategists' list of waiting questions, claim, accept, verify, duplicates."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go
from feedback import permissions
from feedback.actions import answers as actions
from feedback.forms import DuplicateForm, VerifyForm
from feedback.models import Topic
from feedback.queries import waiting as queue
from feedback.queries import work
from feedback.views import tabs
from feedback.views.common import branch_of, moderated_topic, only_strategists, visible_post, visible_topic

VERIFY_FOR = timedelta(days=365)


@require_safe
def waiting(request: PortalRequest) -> HttpResponse:
    """Questions without an answer, the oldest first."""
    only_strategists(request.user)
    now = timezone.now()
    show = request.GET.get("show", "")
    show = show if show in queue.SHOWN else "silent"
    page = queue.page(request, show, now)
    context = {
        "show": show,
        "branch": branch_of(request.user),
        "tabs": tabs.of_waiting(show),
        "page": page,
        "median": work.median_for(request.user, now),
        "duties": work.duties_of(request.user, timezone.localdate()),
    }
    return render(request, "feedback/waiting.html", context)


@require_POST
def claim(request: PortalRequest, topic_id: int) -> HttpResponse:
    """`give_back=yes` ends it early; otherwise it ends by itself after ten minutes."""
    topic = moderated_topic(request.user, topic_id)
    if request.POST.get("give_back") == "yes":
        actions.give_back(by=request.user, topic=topic)
        return go(request, "feedback:waiting")
    if not permissions.can_claim(request.user, topic, timezone.now()):
        messages.error(request, _("Somebody else is writing the answer at the moment."))
        return go(request, "feedback:waiting")
    actions.claim(by=request.user, topic=topic, at=timezone.now())
    return go(request, f"{topic.get_absolute_url()}#reply")


@require_POST
def accept(request: PortalRequest, post_id: int) -> HttpResponse:
    post = visible_post(request.user, post_id)
    actions.accept(by=request.user, topic=post.topic, post=post, at=timezone.now())
    return go(request, post.get_absolute_url())


@require_POST
def withdraw_answer(request: PortalRequest, topic_id: int) -> HttpResponse:
    topic = visible_topic(request.user, topic_id)
    actions.withdraw_answer(by=request.user, topic=topic)
    return go(request, topic)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: PortalRequest, topic_id: int) -> HttpResponse:
    topic = moderated_topic(request.user, topic_id)
    form = VerifyForm(request.POST or None, initial={"until": timezone.localdate() + VERIFY_FOR})
    if request.method == "POST" and form.is_valid():
        actions.verify(by=request.user, topic=topic, until=form.cleaned_data["until"])
        return go(request, topic)
    return _page(request, topic, form, "feedback/verify.html")


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: PortalRequest, topic_id: int) -> HttpResponse:
    topic = moderated_topic(request.user, topic_id)
    if request.POST.get("undo") == "yes":
        actions.unmark_duplicate(by=request.user, topic=topic)
        return go(request, topic)
    form = DuplicateForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _mark(request, topic, form):
        return go(request, topic)
    return _page(request, topic, form, "feedback/duplicate.html")


def _mark(request: PortalRequest, topic: Topic, form: DuplicateForm) -> bool:
    originals = Topic.objects.visible_to(request.user).published().questions().select_related("canonical")
    original = originals.filter(pk=form.cleaned_data["original"]).first()
    if original is None:
        form.add_error("original", _("There is no such question."))
        return False
    try:
        actions.mark_duplicate(by=request.user, topic=topic, canonical=original)
    except ValidationError as error:
        form.add_error("original", error)
        return False
    return True


def _page(request: PortalRequest, topic: Topic, form: Any, template: str) -> HttpResponse:
    get_object_or_404(Topic.objects.visible_to(request.user).questions(), pk=topic.pk)
    return render(request, template, {"topic": topic, "form": form})
