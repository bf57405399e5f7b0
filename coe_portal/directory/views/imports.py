"""Bring a directory file in: hand it over, name its columns, look at what it would do, confirm, watch, done."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only, render_part
from coe_portal.core.paging import page_by_key
from coe_portal.core.sheets import Unreadable
from coe_portal.directory import actions, queries
from coe_portal.directory.forms import ColumnsForm, FileForm, LeaversForm
from coe_portal.directory.models import DirectoryImport
from coe_portal.people.permissions import may_administer


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_administer)
def index(request: PortalRequest) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        try:
            source = actions.receive(by=request.user, name=file.name, content=file.read(), kind=kind, is_whole=True)
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        else:
            return go(request, source)
    page = page_by_key(request, _imports(), by="uploaded_at", size=10)
    return render(request, "directory/index.html", {"form": form, "page": page}, status=422 if form.errors else 200)


def _imports() -> QuerySet[DirectoryImport]:
    return DirectoryImport.objects.defer("content").select_related("by")


def _source(import_id: int) -> DirectoryImport:
    return get_object_or_404(_imports(), pk=import_id)


@require_safe
@only(may_administer)
def import_page(request: PortalRequest, import_id: int) -> HttpResponse:
    source = _source(import_id)
    form = ColumnsForm(source=source) if source.state == DirectoryImport.State.COLUMNS else None
    return render_part(request, "directory/import.html", "state", _context(source, form))


def _context(source: DirectoryImport, form: ColumnsForm | None = None) -> dict[str, Any]:
    return {
        "source": source,
        "form": form,
        "groups": queries.groups_of(source),
        "new_departments": source.departments.exclude(outcome="same").order_by("line")[:20],
        "is_stuck": source.is_working and queries.is_stuck(source),
        "must_ask": source.counts.get("leave", 0) > queries.leave_limit(),
    }


@require_POST
@only(may_administer)
def columns(request: PortalRequest, import_id: int) -> HttpResponse:
    source = _source(import_id)
    form = ColumnsForm(request.POST, source=source)
    if not form.is_valid():
        return render(request, "directory/import.html", _context(source, form), status=422)
    try:
        actions.name_columns(
            by=request.user,
            source=source,
            columns=form.columns(),
            dates=form.cleaned_data.get("dates", source.dates),
            is_whole=form.cleaned_data.get("is_whole", False),
        )
    except actions.NotNow as error:
        messages.warning(request, str(error))
    return go(request, source)


@require_POST
@only(may_administer)
def confirm(request: PortalRequest, import_id: int) -> HttpResponse:
    source = _source(import_id)
    try:
        actions.confirm(by=request.user, source=source)
    except actions.TooManyLeave:
        return go(request, "directory:leavers", source.pk)
    except actions.NotNow as error:
        messages.warning(request, str(error))
    return go(request, source)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_administer)
def leavers(request: PortalRequest, import_id: int) -> HttpResponse:
    """The question before many leave at once."""
    source = get_object_or_404(_imports().filter(state=DirectoryImport.State.CHECKED), pk=import_id)
    number = source.counts.get("leave", 0)
    form = LeaversForm(request.POST or None, leavers=number)
    if request.method != "POST" or not form.is_valid():
        context = {"source": source, "form": form, "leavers": number, "share": queries.share_of_active(number)}
        return render(request, "directory/leavers.html", context, status=422 if form.errors else 200)
    try:
        actions.confirm(by=request.user, source=source, leavers_accepted=form.cleaned_data["number"])
    except (actions.NotNow, actions.TooManyLeave) as error:
        messages.warning(request, str(error) or _("The number has changed meanwhile. Look again."))
    return go(request, source)


@require_POST
@only(may_administer)
def reopen(request: PortalRequest, import_id: int) -> HttpResponse:
    source = get_object_or_404(DirectoryImport, pk=import_id)
    try:
        actions.reopen(by=request.user, source=source)
    except actions.NotNow as error:
        messages.warning(request, str(error))
    return go(request, source)


@require_POST
@only(may_administer)
def discard(request: PortalRequest, import_id: int) -> HttpResponse:
    try:
        actions.discard(by=request.user, source=_source(import_id))
    except actions.NotNow as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The file is discarded; nobody was changed."))
    return go(request, "directory:index")
