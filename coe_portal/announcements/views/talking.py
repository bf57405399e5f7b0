"""Comments below an announcement: everywhere only for those who see the announcement."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.announcements import actions, permissions
from coe_portal.announcements.forms import CommentForm, FlagForm, ReasonForm
from coe_portal.announcements.models import Announcement, AnnouncementQuerySet, Comment
from coe_portal.announcements.queries import talk
from coe_portal.announcements.queries.pages import Shown
from coe_portal.announcements.queries.texts import all_texts
from coe_portal.announcements.views.common import readable
from coe_portal.announcements.views.reading import page_of
from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: PortalRequest, announcement_id: int) -> HttpResponse:
    """All of them by key; a POST adds one."""
    shown = get_object_or_404(_with_comments(request), pk=announcement_id)
    if request.method == "POST":
        return _add(request, shown)
    page = page_by_key(request, talk.comments_of(shown, request.user), by="created_at", size=30)
    said = talk.said(page.rows, shown, request.user, timezone.now())
    return render(request, "announcements/comments.html", {"announcement": shown, "page": page, "said": said})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: PortalRequest, comment_id: int) -> HttpResponse:
    comment = _visible(request, comment_id)
    now = timezone.now()
    if not permissions.may_change_comment(request.user, comment, comment.announcement, now):
        raise Http404
    form = CommentForm(request.POST or None, initial={"text": comment.text})
    if request.method == "POST" and form.is_valid():
        actions.edit_comment(by=request.user, comment=comment, text=form.cleaned_data["text"], at=now, found=form.found)
        return go(request, comment)
    return render(request, "announcements/edit_comment.html", {"form": form, "comment": comment})


@require_http_methods(["GET", "HEAD", "POST"])
def remove_comment(request: PortalRequest, comment_id: int) -> HttpResponse:
    comment = _visible(request, comment_id)
    if comment.is_removed or not permissions.may_remove_comment(request.user, comment, comment.announcement):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove_comment(by=request.user, comment=comment, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The comment is removed, and its author is told why."))
        return go(request, comment)
    return render(request, "announcements/remove_comment.html", {"form": form, "comment": comment})


@require_http_methods(["GET", "HEAD", "POST"])
def flag_comment(request: PortalRequest, comment_id: int) -> HttpResponse:
    comment = _visible(request, comment_id)
    (said,) = talk.said([comment], comment.announcement, request.user, timezone.now())
    if not said.may_flag:
        raise Http404
    form = FlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.flag_comment(by=request.user, comment=comment, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. A strategist will look at it."))
        return go(request, comment)
    return render(request, "announcements/flag_comment.html", {"form": form, "comment": comment})


@require_safe
@only(permissions.may_moderate_comments)
def to_look_at(request: PortalRequest) -> HttpResponse:
    page = page_by_key(request, talk.to_look_at(), by="created_at", size=30)
    return render(request, "announcements/to_look_at.html", {"page": page, "waiting": talk.waiting(page.rows)})


@require_POST
@only(permissions.may_moderate_comments)
def release_comment(request: PortalRequest, comment_id: int) -> HttpResponse:
    """What the guard held appears for everybody; what readers flagged stays."""
    comment = _visible(request, comment_id)
    try:
        actions.release_comment(by=request.user, comment=comment)
    except actions.Refused:
        messages.error(request, _("This is your own comment. Another strategist decides about it."))
    else:
        actions.dismiss_flags(by=request.user, comment=comment, at=timezone.now())
        messages.success(request, _("The comment stays and is shown."))
    return go(request, "announcements:to_look_at")


def _add(request: PortalRequest, shown: Announcement) -> HttpResponse:
    if not permissions.can_comment(request.user, shown, timezone.now()):
        raise Http404
    form = CommentForm(request.POST)
    if not form.is_valid():
        found = Shown(shown, all_texts(shown))
        return render(request, "announcements/announcement.html", page_of(request, found, form))
    comment = actions.add_comment(
        by=request.user, announcement=shown, text=form.cleaned_data["text"], at=timezone.now(), found=form.found
    )
    if comment.is_held:
        messages.info(request, _("A strategist looks at your comment before others see it."))
    return go(request, comment)


def _with_comments(request: PortalRequest) -> AnnouncementQuerySet:
    return readable(request.user).filter(comments_on=True).select_related("author", "audience")


def _visible(request: PortalRequest, comment_id: int) -> Comment:
    """Among what the person sees of announcements the person sees, and only while comments are allowed there."""
    found = Comment.objects.filter(announcement__in=readable(request.user).filter(comments_on=True))
    chosen = found.shown_to(request.user).select_related("announcement__author", "author")
    return get_object_or_404(chosen, pk=comment_id)
