"""Who has confirmed and who has not: strategists see everybody, coordinators their departments, others nothing."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from coe_portal.announcements import actions
from coe_portal.announcements.models import Announcement, State
from coe_portal.announcements.permissions import branch_followed_up, may_announce, may_follow_up
from coe_portal.announcements.queries import progress
from coe_portal.announcements.queries import receipts as queries
from coe_portal.announcements.queries.receipts import Show
from coe_portal.announcements.views.common import readable
from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response, xlsx_response
from coe_portal.people.models import PersonQuerySet
from coe_portal.people.queries import branch_ids

SHOW_LABELS = [
    (Show.MISSING, gettext_lazy("Not confirmed")),
    (Show.READ, gettext_lazy("Read, not confirmed")),
    (Show.CONFIRMED, gettext_lazy("Confirmed")),
    (Show.EVERYBODY, gettext_lazy("Everybody")),
]


@require_safe
def receipts(request: PortalRequest, announcement_id: int) -> HttpResponse:
    shown, branch = _followed_up(request, announcement_id)
    today = timezone.localdate()
    people, chosen = _chosen(request, shown, branch)
    page = page_by_key(request, people, by="name", size=50, ascending=True)
    context = {
        "announcement": shown,
        "is_whole": branch is None,
        "reach": queries.reach(shown, branch),
        "departments": queries.reach_by_department(shown, branch, today),
        "page": page,
        "readers": queries.readers(shown, page.rows, today),
        "shows": SHOW_LABELS,
        "may_announce": may_announce(request.user),
        "can_remind": not shown.is_expired(timezone.now()),
        "query": request.GET.urlencode(),
        **chosen,
    }
    return render(request, "announcements/receipts.html", context)


@require_safe
def export_receipts(request: PortalRequest, announcement_id: int, form: str) -> HttpResponseBase:
    shown, branch = _followed_up(request, announcement_id)
    respond = {"csv": csv_response, "xlsx": xlsx_response}.get(form)
    if respond is None:
        raise Http404
    people, _chosen_ones = _chosen(request, shown, branch)
    header = [_("Name"), _("E-mail"), _("Department"), _("Read"), _("Confirmed")]
    lines = (
        [each.person.name, each.person.email, each.department, _moment(each.read_at), _moment(each.acknowledged_at)]
        for each in queries.all_readers(shown, people, timezone.localdate())
    )
    return respond(f"announcement-{shown.pk}-receipts", header, lines)


@require_POST
def remind(request: PortalRequest, announcement_id: int) -> HttpResponse:
    shown, branch = _followed_up(request, announcement_id)
    now = timezone.now()
    if shown.is_expired(now):
        raise Http404
    try:
        sending = actions.remind(by=request.user, announcement=shown, department_ids=branch, at=now)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        told = ngettext("%(n)d person is being reminded.", "%(n)d people are being reminded.", sending.total)
        messages.success(request, told % {"n": sending.total})
    return go(request, "announcements:receipts", shown.pk)


@require_safe
@only(may_announce)
def sending(request: PortalRequest, announcement_id: int) -> HttpResponse:
    """How far the news has got; the page looks again by itself as long as somebody is still to be told."""
    shown = get_object_or_404(Announcement, pk=announcement_id)
    rounds = progress.rounds(shown)
    context = {
        "announcement": shown,
        "newest": progress.progress(rounds[0]) if rounds else None,
        "earlier": rounds[1:],
    }
    template = "announcements/sending_part.html" if request.htmx else "announcements/sending.html"
    return render(request, template, context)


def _followed_up(request: PortalRequest, announcement_id: int) -> tuple[Announcement, Collection[int] | None]:
    """One that must be read, among those the person reads and follows up, and the departments it is about."""
    if not may_follow_up(request.user):
        raise Http404
    found = readable(request.user).filter(must_read=True, state__in=[State.PUBLISHED, State.WITHDRAWN])
    return get_object_or_404(found, pk=announcement_id), branch_followed_up(request.user)


def _chosen(
    request: PortalRequest, shown: Announcement, branch: Collection[int] | None
) -> tuple[PersonQuerySet, dict[str, Any]]:
    """The people that the address asks for; a department outside the branch shows nobody."""
    show = request.GET.get("show", "")
    show = show if show in set(Show) else Show.MISSING
    name = request.GET.get("name", "").strip()[:100]
    number = request.GET.get("department", "")
    department = int(number) if number.isdecimal() and len(number) < 10 else None
    within = branch
    if department is not None:
        below = branch_ids([department])
        within = below if branch is None else below & set(branch)
    people = queries.narrowed(queries.members(shown, within, timezone.localdate()), shown, show, name)
    return people, {"show": show, "name": name, "department": department}


def _moment(at: Any) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="minutes") if at else ""
