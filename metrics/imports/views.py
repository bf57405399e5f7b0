"""Bring an export file in: hand it over, look at what it would do, confirm, watch, done."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, render_part
from coe_portal.core.paging import page_by_key
from coe_portal.core.sheets import Unreadable
from coe_portal.people.access import Role
from coe_portal.people.models import User
from metrics.imports import actions
from metrics.imports.formats import BY_KEY, FORMATS
from metrics.imports.forms import CheckForm, UploadForm
from metrics.imports.models import Upload
from metrics.imports.reading import last_day_in


def can_import(person: User) -> bool:
    return person.access.has(Role.STRATEGIST, Role.COORDINATOR)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: PortalRequest) -> HttpResponse:
    if not can_import(request.user):
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        exported_on = min(last_day_in(file.name) or timezone.localdate(), timezone.localdate())
        upload = actions.receive(by=request.user, name=file.name, content=file.read(), exported_on=exported_on)
        return go(request, _with_channel(upload, request.GET.get("channel", "")))
    uploads = Upload.objects.visible_to(request.user).defer("content").select_related("channel", "by")
    context = {
        "form": form,
        "page": page_by_key(request, uploads, by="uploaded_at"),
        "labels": sorted({_(each.label) for each in FORMATS if each.networks}),
    }
    return render(request, "metrics/imports/index.html", context, status=422 if form.errors else 200)


def _with_channel(upload: Upload, channel_id: str) -> str:
    """The account that somebody came from is chosen already."""
    return upload.get_absolute_url() + (f"?channel={channel_id}" if channel_id.isdecimal() else "")


def _upload(person: User, upload_id: int) -> Upload:
    upload: Upload = get_object_or_404(
        Upload.objects.visible_to(person).select_related("channel", "by", "run"), pk=upload_id
    )
    return upload


@require_safe
def import_page(request: PortalRequest, import_id: int) -> HttpResponse:
    upload = _upload(request.user, import_id)
    return render_part(request, "metrics/imports/import.html", "upload", _context(request, upload))


def _context(request: PortalRequest, upload: Upload, form: CheckForm | None = None) -> dict[str, Any]:
    form = form or _check_form(request, upload)
    return {
        "upload": upload,
        "format": BY_KEY.get(upload.format),
        "form": form if upload.state in {Upload.State.CHECKED, Upload.State.FAILED} else None,
        "preview": upload.preview,
        "earlier": actions.earlier_import(upload) if upload.channel_id else None,
    }


def _check_form(request: PortalRequest, upload: Upload) -> CheckForm:
    networks = list(BY_KEY[upload.format].networks) if upload.format else []
    chosen = request.GET.get("channel", "")
    initial = {"channel": int(chosen)} if chosen.isdecimal() and len(chosen) < 10 else {}
    return CheckForm(request.POST or None, person=request.user, upload=upload, networks=networks, initial=initial)


@require_POST
def check(request: PortalRequest, import_id: int) -> HttpResponse:
    upload = _upload(request.user, import_id)
    form = _check_form(request, upload)
    if not form.is_valid():
        return render(request, "metrics/imports/import.html", _context(request, upload, form), status=422)
    try:
        actions.check(by=request.user, upload=upload, **form.cleaned_data)
    except (actions.NotNow, Unreadable) as error:
        messages.error(request, str(error))
    return go(request, upload)


@require_POST
def confirm(request: PortalRequest, import_id: int) -> HttpResponse:
    upload = _upload(request.user, import_id)
    try:
        actions.confirm(by=request.user, upload=upload)
    except actions.NotNow as error:
        messages.warning(request, str(error))
    return go(request, upload)


@require_POST
def discard(request: PortalRequest, import_id: int) -> HttpResponse:
    try:
        actions.discard(by=request.user, upload=_upload(request.user, import_id))
    except actions.NotNow as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The file is discarded; no figure was changed."))
    return go(request, "metrics:imports")
