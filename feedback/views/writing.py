"""Writing: start a topic, reply, edit, and the drafts of all forms."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go
from feedback import permissions
from feedback.actions import drafts
from feedback.actions import topics as actions
from feedback.forms import EditForm, ReplyForm, TopicForm, WrittenForm
from feedback.models import Category, Topic
from feedback.queries import threads
from feedback.views.common import draft_of, visible_category, visible_post, visible_thread, visible_topic
from feedback.views.forum import thread_context

HELD = gettext_lazy("Your text waits for a review before others can see it. You will be told when it is released.")
# The forms that keep drafts, with the fields that are kept.
KEPT = {
    "ask": ("title", "text", "category", "url", "about"),
    "start": ("title", "text"),
    "reply": ("text",),
    "edit": ("title", "text"),
    "story": ("title", "text", "contact", "department", "shows_patient"),
}


def text_of(form: WrittenForm) -> actions.Text:
    return actions.Text(source=form.cleaned_data["text"], key=form.cleaned_data["key"], found=form.found)


def keep(request: PortalRequest, place: str) -> None:
    fields = {name: request.POST.get(name, "") for name in KEPT[place.partition(":")[0]]}
    drafts.keep(by=request.user, place=place, fields=fields, at=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: PortalRequest, category_slug: str) -> HttpResponse:
    category = visible_category(request.user, category_slug)
    if not permissions.can_start(request.user, category):
        raise PermissionDenied
    place = f"start:{category.pk}"
    form = TopicForm(request.POST or None, initial=_kept(request, place))
    if request.method == "POST" and form.is_valid():
        topic = actions.start(
            by=request.user,
            category=category,
            kind=Topic.Kind.DISCUSSION,
            title=form.cleaned_data["title"],
            text=text_of(form),
            at=timezone.now(),
        )
        drafts.drop(by=request.user, place=place)
        return _written(request, topic.get_absolute_url(), held=bool(form.found))
    if request.method == "POST":
        keep(request, place)
    return render(request, "feedback/start.html", {"form": form, "category": category, "kept": bool(form.initial)})


def _kept(request: PortalRequest, place: str) -> dict[str, Any]:
    draft = draft_of(request, place) if request.method != "POST" else None
    return dict(draft.fields) if draft else {}


def _written(request: PortalRequest, url: str, *, held: bool) -> HttpResponse:
    if held:
        messages.warning(request, HELD)
    return go(request, url)


@require_POST
def reply(request: PortalRequest, topic_id: int) -> HttpResponse:
    topic = visible_topic(request.user, topic_id)
    if not permissions.can_reply(request.user, topic):
        raise PermissionDenied
    form = ReplyForm(request.POST)
    if form.is_valid():
        post = actions.reply(by=request.user, topic=topic, text=text_of(form), at=timezone.now())
        return _written(request, post.get_absolute_url(), held=post.is_held)
    keep(request, f"reply:{topic.pk}")
    shown = visible_thread(request.user, topic.pk, threads.pages_of(topic))
    return render(request, "feedback/topic.html", thread_context(request, shown, form))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PortalRequest, post_id: int) -> HttpResponse:
    post = visible_post(request.user, post_id)
    if not permissions.can_edit(request.user, post):
        raise PermissionDenied
    place = f"edit:{post.pk}"
    kept = _kept(request, place)
    start_with = {"title": post.topic.title, "text": post.source} | kept
    form = EditForm(request.POST or None, initial=start_with, with_title=post.is_first)
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data.get("title", post.topic.title)
        actions.edit(by=request.user, post=post, text=text_of(form), title=title, at=timezone.now())
        drafts.drop(by=request.user, place=place)
        return _written(request, post.get_absolute_url(), held=bool(form.found))
    if request.method == "POST":
        keep(request, place)
    return render(request, "feedback/edit.html", {"form": form, "post": post, "kept": bool(kept)})


@require_safe
def history(request: PortalRequest, post_id: int) -> HttpResponse:
    post = visible_post(request.user, post_id)
    if not permissions.can_see_edits(request.user, post):
        raise Http404
    return render(request, "feedback/history.html", {"post": post, "edits": post.edits.select_related("edited_by")})


@require_POST
def keep_draft(request: PortalRequest, form: str, about_id: int = 0) -> HttpResponse:
    """What the browser sends while somebody types; nothing is checked, it is only kept."""
    place = _place(request, form, about_id)
    keep(request, place)
    return render(request, "feedback/_kept.html", {"at": timezone.now()})


@require_POST
def drop_draft(request: PortalRequest, form: str, about_id: int = 0) -> HttpResponse:
    drafts.drop(by=request.user, place=_place(request, form, about_id))
    messages.success(request, _("The draft is gone."))
    return go(request, _page_of(form, about_id))


def _place(request: PortalRequest, form: str, about_id: int) -> str:
    """A draft belongs to something that the person can see, or to a form that stands alone."""
    if form in {"ask", "story"} and not about_id:
        return form
    if form == "reply":
        return f"reply:{visible_topic(request.user, about_id).pk}"
    if form == "edit":
        return f"edit:{visible_post(request.user, about_id).pk}"
    if form == "start":
        return f"start:{get_object_or_404(Category.objects.visible_to(request.user), pk=about_id).pk}"
    raise Http404


def _page_of(form: str, about_id: int) -> str:
    if form == "start":
        return reverse("feedback:start", args=[Category.objects.get(pk=about_id).slug])
    if form == "reply":
        return reverse("feedback:topic", args=[about_id])
    if form == "edit":
        return reverse("feedback:edit", args=[about_id])
    return reverse("feedback:ask" if form == "ask" else "feedback:hand_in")
