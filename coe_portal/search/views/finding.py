from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coe_portal.contributions import document_labels
from coe_portal.core.http import PortalRequest
from coe_portal.search import misses
from coe_portal.search.permissions import may_tend_search
from coe_portal.search.queries import Results, find, suggest
from coe_portal.search.wording import LONGEST_QUERY


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    text = _text(request)
    kind = request.GET.get("kind")
    kind = kind if kind in document_labels() else None
    page = request.GET.get("page", "")
    results = find(request.user, text, kind, int(page) if page.isdecimal() and len(page) < 4 else 1)
    if results.found_nothing:
        misses.remember(person_id=request.user.pk, text=text, on=timezone.localdate())
    context = {
        "results": results,
        "text": text,
        "kind": kind,
        "may_tend_search": may_tend_search(request.user),
        **_pages(request, results),
    }
    return render(request, "search/index.html", context)


@require_safe
def suggestions(request: PortalRequest) -> HttpResponse:
    """The best few, for the list under a search box."""
    text = _text(request)
    return render(request, "search/suggestions.html", {"found": suggest(request.user, text), "text": text})


def _text(request: PortalRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]


def _pages(request: PortalRequest, results: Results) -> dict[str, str]:
    def address(page: int) -> str:
        query = request.GET.copy()
        query["page"] = str(page)
        return f"{request.path}?{query.urlencode()}"

    return {
        "previous_url": address(results.page - 1) if results.page > 1 else "",
        "next_url": address(results.page + 1) if results.has_next else "",
    }
