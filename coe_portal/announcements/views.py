"""Announcements for readers, and for the strategists who write them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.announcements import actions, queries
from coe_portal.announcements.forms import AnnouncementForm
from coe_portal.announcements.models import Announcement, AnnouncementQuerySet, State
from coe_portal.announcements.permissions import can_edit, may_announce
from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response
from coe_portal.people.models import User
from coe_portal.people.queries import department_names


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    found = _current(request.user)
    page = page_by_key(request, found, by="published_at", size=20)
    context = {
        "page": page,
        "rows": queries.rows(page.rows, request.user),
        "may_announce": may_announce(request.user),
        "unpublished": Announcement.objects.unpublished().count() if may_announce(request.user) else 0,
    }
    return render(request, "announcements/index.html", context)


@require_safe
@only(may_announce)
def unpublished(request: PortalRequest) -> HttpResponse:
    found = Announcement.objects.unpublished().select_related("audience", "author").order_by("publish_at", "-pk")
    return render(request, "announcements/unpublished.html", {"announcements": found})


@require_safe
def announcement(request: PortalRequest, announcement_id: int) -> HttpResponse:
    shown = get_object_or_404(_readable(request.user).select_related("author", "audience"), pk=announcement_id)
    (row,) = queries.rows([shown], request.user)
    context: dict[str, Any] = {
        "announcement": shown,
        "row": row,
        "today": timezone.localdate(),
        "is_expired": shown.is_expired(timezone.now()),
        "is_reader": shown.state == State.PUBLISHED and shown.audience_id in request.user.access.audience_ids,
    }
    if may_announce(request.user):
        context |= {"may_announce": True, "can_edit": can_edit(shown), "reach": queries.reach(shown)}
    return render(request, "announcements/announcement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_announce)
def new(request: PortalRequest) -> HttpResponse:
    return _written(request, Announcement())


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_announce)
def edit(request: PortalRequest, announcement_id: int) -> HttpResponse:
    changed = get_object_or_404(Announcement, pk=announcement_id)
    if not can_edit(changed):
        raise Http404
    return _written(request, changed)


@require_POST
@only(may_announce)
def publish(request: PortalRequest, announcement_id: int) -> HttpResponse:
    """Now, or at the time that the announcement names."""
    chosen = get_object_or_404(Announcement, pk=announcement_id)
    try:
        if chosen.publish_at and chosen.publish_at > timezone.now() and "now" not in request.POST:
            actions.schedule(by=request.user, announcement=chosen)
            messages.success(request, _("The announcement is scheduled."))
        else:
            actions.publish(by=request.user, announcement=chosen, at=timezone.now())
            messages.success(request, _("The announcement is published. Its audience is being told."))
    except actions.WrongState:
        _tell_it_changed(request)
    return go(request, chosen)


@require_POST
@only(may_announce)
def unschedule(request: PortalRequest, announcement_id: int) -> HttpResponse:
    chosen = get_object_or_404(Announcement, pk=announcement_id)
    try:
        actions.unschedule(by=request.user, announcement=chosen)
        messages.success(request, _("The announcement is a draft again."))
    except actions.WrongState:
        _tell_it_changed(request)
    return go(request, chosen)


@require_POST
@only(may_announce)
def withdraw(request: PortalRequest, announcement_id: int) -> HttpResponse:
    chosen = get_object_or_404(Announcement, pk=announcement_id)
    try:
        actions.withdraw(by=request.user, announcement=chosen)
        messages.success(request, _("The announcement is withdrawn. Nobody sees it any more."))
    except actions.WrongState:
        _tell_it_changed(request)
    return go(request, chosen)


@require_POST
def mark_read(request: PortalRequest, announcement_id: int) -> HttpResponse:
    shown = get_object_or_404(_current(request.user), pk=announcement_id)
    actions.mark_read(by=request.user, announcement_ids=[shown.pk], at=timezone.now())
    return HttpResponse(status=204) if request.htmx else go(request, shown)


@require_POST
def mark_all_read(request: PortalRequest) -> HttpResponse:
    found = _current(request.user)
    actions.mark_read(by=request.user, announcement_ids=found.values_list("pk", flat=True), at=timezone.now())
    return go(request, "announcements:index")


@require_POST
def acknowledge(request: PortalRequest, announcement_id: int) -> HttpResponse:
    mine = Announcement.objects.to_acknowledge(timezone.now()).visible_to(request.user)
    shown = get_object_or_404(mine, pk=announcement_id)
    actions.acknowledge(by=request.user, announcement=shown, at=timezone.now())
    messages.success(request, _("Thank you. It is noted that you have read this."))
    return go(request, shown)


@require_safe
@only(may_announce)
def receipts(request: PortalRequest, announcement_id: int) -> HttpResponse:
    shown = get_object_or_404(Announcement.objects.filter(must_read=True), pk=announcement_id)
    page = page_by_key(request, queries.who_has_not(shown), by="name", ascending=True)
    names = department_names([person.pk for person in page.rows], timezone.localdate())
    context = {
        "announcement": shown,
        "reach": queries.reach(shown),
        "page": page,
        "people": [(person, names.get(person.pk, "")) for person in page.rows],
    }
    return render(request, "announcements/receipts.html", context)


@require_safe
@only(may_announce)
def export_receipts(request: PortalRequest, announcement_id: int) -> HttpResponseBase:
    shown = get_object_or_404(Announcement.objects.filter(must_read=True), pk=announcement_id)
    found = shown.receipts.acknowledged().order_by("person__name")
    lines = found.values_list("person__name", "person__email", "read_at", "acknowledged_at")
    header = [_("Name"), _("E-mail"), _("Read"), _("Confirmed")]
    return csv_response(f"announcement-{shown.pk}-receipts", header, lines.iterator())


def _readable(person: User) -> AnnouncementQuerySet:
    """Strategists read every one, also drafts; everybody else what is published for them and still up."""
    if may_announce(person):
        return Announcement.objects.all()
    return _current(person)


def _current(person: User) -> AnnouncementQuerySet:
    return Announcement.objects.current(timezone.now()).visible_to(person)


def _written(request: PortalRequest, announcement: Announcement) -> HttpResponse:
    form = AnnouncementForm(request.POST or None, instance=announcement)
    if request.method == "POST" and form.is_valid():
        saved = actions.save(by=request.user, announcement=announcement, fields=form.cleaned_data)
        return go(request, saved)
    return render(request, "announcements/form.html", {"form": form, "announcement": announcement})


def _tell_it_changed(request: PortalRequest) -> None:
    messages.error(request, _("Somebody else has changed this announcement in the meantime. This is how it is now."))
