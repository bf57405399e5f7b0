from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coe_portal.audit.forms import FilterForm
from coe_portal.audit.queries import entries
from coe_portal.core.http import PortalRequest, only
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response
from coe_portal.people.permissions import may_read_audit_trail


@require_safe
@only(may_read_audit_trail)
def index(request: PortalRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    page = page_by_key(request, entries(form.cleaned_data if form.is_valid() else {}), by="at", size=50)
    return render(request, "audit/index.html", {"form": form, "page": page, "query": request.GET.urlencode()})


@require_safe
@only(may_read_audit_trail)
def export(request: PortalRequest) -> HttpResponseBase:
    form = FilterForm(request.GET)
    found = entries(form.cleaned_data if form.is_valid() else {}).order_by("-at", "-pk")
    lines = found.values_list("at", "actor__name", "actor__email", "verb", "kind", "object_id", "summary", "details")
    header = [_("At"), _("By"), _("E-mail"), _("Verb"), _("Kind"), _("Object"), _("Summary"), _("Details")]
    return csv_response("audit-trail", header, lines.iterator(chunk_size=2_000))
