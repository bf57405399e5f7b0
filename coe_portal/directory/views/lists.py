"""The names behind the counts of a file, what is wrong in it, and a file to try it with."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coe_portal.core.http import PortalRequest, only
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response
from coe_portal.directory import queries
from coe_portal.directory.models import DirectoryImport
from coe_portal.directory.sample import EXAMPLE, HEADER, of_the_demo
from coe_portal.people.permissions import may_administer


@require_safe
@only(may_administer)
def rows(request: PortalRequest, import_id: int, group: str) -> HttpResponse:
    source = get_object_or_404(DirectoryImport.objects.defer("content"), pk=import_id)
    groups = {each.key: each for each in queries.groups_of(source)}
    if group not in groups:
        raise Http404
    found = source.rows.of_group(group).select_related("department", "person")
    page = page_by_key(request, found, by="name", size=50, ascending=True)
    lines = queries.row_lines(page.rows, timezone.localdate())
    tabs = [(each, each.key == group) for each in groups.values()]
    context = {"source": source, "group": groups[group], "groups": tabs, "page": page, "lines": lines}
    return render(request, "directory/rows.html", context)


@require_safe
@only(may_administer)
def problems(request: PortalRequest, import_id: int) -> HttpResponse:
    source = get_object_or_404(DirectoryImport.objects.defer("content"), pk=import_id)
    page = page_by_key(request, source.problems.all(), by="line", size=50, ascending=True)
    return render(request, "directory/problems.html", {"source": source, "page": page})


@require_safe
@only(may_administer)
def problems_file(request: PortalRequest, import_id: int) -> HttpResponseBase:
    source = get_object_or_404(DirectoryImport.objects.defer("content"), pk=import_id)
    header = [_("Line"), _("Column"), _("Value"), _("What is wrong"), _("Is the row left out?")]
    found = source.problems.order_by("line", "pk").values_list("line", "column", "value", "reason", "is_left_out")
    yes, no = _("yes"), _("no")
    lines = ((*told, yes if left_out else no) for *told, left_out in found.iterator(chunk_size=2_000))
    return csv_response(f"directory-{source.pk}-problems", header, lines)


@require_safe
@only(may_administer)
def sample(request: PortalRequest) -> HttpResponseBase:
    """In the demo a file that shows everything an import can do; elsewhere the columns and an example."""
    lines = of_the_demo(timezone.localdate()) if settings.DEMO else EXAMPLE
    return csv_response("directory-sample", list(HEADER), lines)
