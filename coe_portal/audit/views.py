import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coe_portal.audit.actions.recording import record
from coe_portal.audit.forms import AccessForm, FilterForm, KeptHashForm
from coe_portal.audit.models import AuditEntry, Verification
from coe_portal.audit.queries import verifying
from coe_portal.audit.queries.trail import accesses, details_in_words, entries, kind_in_words, lines
from coe_portal.audit.words import in_words
from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response, xlsx_response
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import User
from coe_portal.people.permissions import may_read_audit_trail

COLUMNS = ("pk", "at", "actor__name", "actor__email", "verb", "kind", "object_id", "summary", "details")
MOST_IN_A_WORKBOOK = 100_000
ROWS_AT_ONCE = 2_000


@require_safe
@only(may_read_audit_trail)
def index(request: PortalRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    found = entries(form.cleaned_data) if form.is_valid() else AuditEntry.objects.none()
    page = page_by_key(request, found, by="at", size=50)
    _note(request, "audit.read", form)
    context = {"form": form, "page": page, "lines": lines(page.rows, request.user), "query": request.GET.urlencode()}
    return render(request, "audit/index.html", context)


@require_safe
@only(may_read_audit_trail)
def access(request: PortalRequest) -> HttpResponse:
    form = AccessForm(request.GET)
    page = page_by_key(request, accesses(form.cleaned_data if form.is_valid() else {}), by="at", size=50)
    _note(request, "audit.read", form)
    return render(request, "audit/access.html", {"form": form, "page": page})


@require_safe
@only(may_read_audit_trail)
def export(request: PortalRequest) -> HttpResponseBase:
    """CSV, XLSX or JSON; the last line, or the field `head`, holds the hash that the trail can be checked against."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        return _back_to_the_filter(request, _("Nothing was exported: mend the filter first."))
    found = entries(form.cleaned_data).order_by("-at", "-pk")
    if request.GET.get("format") == "xlsx" and found[MOST_IN_A_WORKBOOK:].exists():
        return _back_to_the_filter(
            request, _("These are too many for a workbook: choose a shorter period, or take CSV, which has them all.")
        )
    _note(request, "audit.exported", form)
    head = verifying.head()
    seal = f"seal {head.number}, entries up to {head.upto}: {head.hash}" if head else "no seal yet"
    header = [
        _("Number"), _("At"), _("By"), _("E-mail"), _("Verb"), _("Kind"), _("Object"), _("Summary"), _("Details"),
        _("What was done"), _("On what"), _("Details in words"),
    ]  # fmt: skip
    match request.GET.get("format"):
        case "xlsx":
            return xlsx_response("audit-trail", header, _rows(found, seal, request.user))
        case "json":
            return _json(found, seal, request.user)
        case _:
            return csv_response("audit-trail", header, _rows(found, seal, request.user))


@require_safe
@only(may_read_audit_trail)
def verification(request: PortalRequest) -> HttpResponse:
    """With `kept`, a hash that was kept outside, it says whether the chain still holds it."""
    form = KeptHashForm(request.GET if "kept" in request.GET else None)
    kept = verifying.seal_with(form.cleaned_data["kept"]) if form.is_valid() else None
    last = Verification.objects.select_related("by").order_by("-at")[:10]
    context = {
        "verifications": last, "last": last[0] if last else None, "head": verifying.head(), "form": form, "kept": kept,
    }  # fmt: skip
    return render(request, "audit/verification.html", context)


@require_POST
@only(may_read_audit_trail)
def verify(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    record(by=request.user, verb="audit.verified", on=request.user)
    enqueue("privacy.verify_audit", {"person_id": request.user.pk}, key=f"privacy.verify_audit@{now:%Y%m%d%H%M}")
    messages.success(request, _("The trail is being verified. Load this page again in a moment."))
    return go(request, "audit:verification")


def _back_to_the_filter(request: PortalRequest, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect(f"{reverse('audit:index')}?{request.GET.urlencode()}")


def _note(request: PortalRequest, verb: str, form: FilterForm | AccessForm) -> None:
    """Who looked, and by what: the names of the filters, not what was typed into them."""
    used = sorted(name for name, value in form.cleaned_data.items() if value) if form.is_valid() else []
    record(by=request.user, verb=verb, on=request.user, details={"by": used} if used else {})


def _in_parts(found: QuerySet[AuditEntry], reader: User) -> Iterator[tuple[dict[str, Any], str]]:
    """Each entry, and its details in words: the names of a part are looked up together."""
    rows = found.values(*COLUMNS).iterator(chunk_size=ROWS_AT_ONCE)
    while part := list(islice(rows, ROWS_AT_ONCE)):
        yield from zip(part, details_in_words([(row["kind"], row["details"]) for row in part], reader), strict=True)


def _rows(found: QuerySet[AuditEntry], seal: str, reader: User) -> Iterator[Sequence[object]]:
    for row, words in _in_parts(found, reader):
        number, at, *rest, details = row.values()
        told = json.dumps(details, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield [
            number, at.isoformat(), *rest, told, str(in_words(row["verb"])), kind_in_words(row["kind"]), words,
        ]  # fmt: skip
    yield ["", "", "", "", "", "", "", seal, "", "", "", ""]


def _json(found: QuerySet[AuditEntry], seal: str, reader: User) -> HttpResponseBase:
    def parts() -> Iterator[str]:
        yield f'{{"head": {json.dumps(seal)}, "entries": ['
        comma = ""
        for row, words in _in_parts(found, reader):
            yield comma + json.dumps({**row, "details_in_words": words}, cls=DjangoJSONEncoder)
            comma = ",\n"
        yield "]}"

    response = StreamingHttpResponse(parts(), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="audit-trail.json"'
    return response
