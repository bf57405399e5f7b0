"""Announcements for their readers."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coe_portal.announcements import actions, permissions
from coe_portal.announcements.forms import CommentForm
from coe_portal.announcements.models import Announcement, State
from coe_portal.announcements.queries import lists, pages, receipts, talk
from coe_portal.announcements.queries.texts import Text
from coe_portal.announcements.views.common import current
from coe_portal.core.http import PortalRequest, go
from coe_portal.core.paging import page_by_key

COMMENTS_SHOWN = 10


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """The pinned ones first, on the first page; below, the newest first."""
    page = page_by_key(request, current(request.user).filter(is_pinned=False), by="published_at", size=20)
    at_top = [] if page.newest_url else lists.pinned(request.user, timezone.now())
    may_announce = permissions.may_announce(request.user)
    context = {
        "page": page,
        "rows": lists.rows([*at_top, *page.rows], request.user),
        "may_announce": may_announce,
        "unpublished": Announcement.objects.unpublished().count() if may_announce else 0,
        "to_look_at": talk.to_look_at().count() if may_announce else 0,
    }
    return render(request, "announcements/index.html", context)


@require_safe
def archive(request: PortalRequest) -> HttpResponse:
    """What was for the reader and is over."""
    found = Announcement.objects.expired(timezone.now()).visible_to(request.user)
    page = page_by_key(request, found, by="expires_at", size=20)
    return render(request, "announcements/archive.html", {"page": page, "rows": lists.rows(page.rows, request.user)})


@require_safe
def announcement(request: PortalRequest, announcement_id: int) -> HttpResponse:
    found = pages.shown_to(request.user, announcement_id)
    if found is None:
        raise Http404
    return render(request, "announcements/announcement.html", page_of(request, found))


def page_of(request: PortalRequest, found: pages.Shown, form: CommentForm | None = None) -> dict[str, Any]:
    person, now = request.user, timezone.now()
    shown, texts = found.announcement, found.texts
    reading = pages.reading_of(person, shown.pk)
    chosen = request.GET.get("language", person.language)
    context: dict[str, Any] = {
        "announcement": shown,
        "is_unread": not reading.has_read,
        "is_to_acknowledge": shown.must_read and not reading.has_acknowledged,
        "text": texts.get(chosen, texts[shown.language]),
        "languages": [(code, name) for code, name in settings.LANGUAGES if code in texts and len(texts) > 1],
        "today": timezone.localdate(),
        "is_expired": shown.is_expired(now),
        "is_reader": permissions.is_reader(person, shown),
        "may_follow_up": permissions.may_follow_up(person) and shown.must_read and shown.state == State.PUBLISHED,
        **_talk(request, shown, form),
    }
    if permissions.may_announce(person):
        context |= _panel(shown, texts)
    return context


def _talk(request: PortalRequest, shown: Announcement, form: CommentForm | None) -> dict[str, Any]:
    if not shown.comments_on:
        return {}
    person, now = request.user, timezone.now()
    found = list(talk.comments_of(shown, person).order_by("-created_at", "-pk")[: COMMENTS_SHOWN + 1])
    may_comment = permissions.can_comment(person, shown, now)
    return {
        "said": talk.said(found[:COMMENTS_SHOWN], shown, person, now),
        "has_more_comments": len(found) > COMMENTS_SHOWN,
        "comment_form": (form or CommentForm()) if may_comment else None,
    }


def _panel(shown: Announcement, texts: Mapping[str, Text]) -> dict[str, Any]:
    """What strategists see beside it."""
    people = receipts.audience_size(shown)
    return {
        "may_announce": True,
        "can_edit": permissions.can_edit(shown),
        "reach": receipts.reach(shown),
        "checklist": lists.checklist(shown, people, list(texts)) if shown.published_at is None else None,
        "rooms": list(shown.chat_destinations.all()),
    }


@require_POST
def mark_read(request: PortalRequest, announcement_id: int) -> HttpResponse:
    shown = get_object_or_404(current(request.user), pk=announcement_id)
    actions.mark_read(by=request.user, announcement_ids=[shown.pk], at=timezone.now())
    return HttpResponse(status=204) if request.htmx else go(request, shown)


@require_POST
def mark_all_read(request: PortalRequest) -> HttpResponse:
    found = current(request.user)
    actions.mark_read(by=request.user, announcement_ids=found.values_list("pk", flat=True), at=timezone.now())
    return go(request, "announcements:index")


@require_POST
def acknowledge(request: PortalRequest, announcement_id: int) -> HttpResponse:
    mine = Announcement.objects.to_acknowledge(timezone.now()).visible_to(request.user)
    shown = get_object_or_404(mine, pk=announcement_id)
    if request.POST.get("asked_in", str(shown.asked_in)) != str(shown.asked_in):
        messages.error(request, _("It has changed since you opened it. Read it once more, then confirm."))
        return go(request, shown)
    actions.acknowledge(by=request.user, announcement=shown, at=timezone.now())
    messages.success(request, _("Thank you. It is noted that you have read this."))
    return go(request, shown)
