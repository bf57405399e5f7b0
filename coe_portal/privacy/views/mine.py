"""My own data: ask for them, see how far they are, fetch them once."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, recently_authenticated
from coe_portal.privacy.actions import exporting
from coe_portal.privacy.models import DataExport
from coe_portal.privacy.queries.catalogue import records

SHOWN = 5
TAKES_AT_MOST = timedelta(minutes=10)


@require_safe
def my_data(request: PortalRequest) -> HttpResponse:
    exports = list(DataExport.objects.visible_to(request.user).order_by("-asked_at")[:SHOWN])
    listed = records()
    context = {
        "exports": exports,
        "newest": exports[0] if exports else None,
        "is_late": bool(exports) and exports[0].asked_at < timezone.now() - TAKES_AT_MOST,
        "now": timezone.now(),
        "shown": sorted({str(each.label) for each in listed if each.columns}),
        "hidden": sorted({(str(each.label), str(each.why)) for each in listed if not each.columns}),
    }
    return render(request, "privacy/my_data.html", context)


@require_POST
@recently_authenticated()
def ask(request: PortalRequest) -> HttpResponse:
    exporting.ask(by=request.user, at=timezone.now())
    messages.success(request, _("Your data are being put together. You will be told when they are ready."))
    return go(request, "privacy:my_data")


@require_POST
@recently_authenticated()
def fetch(request: PortalRequest, export_id: int) -> HttpResponse:
    if not DataExport.objects.visible_to(request.user).filter(pk=export_id).exists():
        raise Http404
    content = exporting.fetch(by=request.user, export_id=export_id, at=timezone.now())
    if content is None:
        messages.error(request, _("This file has been fetched or is too old. Ask for a new one."))
        return go(request, "privacy:my_data")
    name = f'attachment; filename="my-data-{timezone.localdate().isoformat()}.zip"'
    return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": name})
