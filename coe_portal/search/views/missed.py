"""What was looked for in vain, and what to do about it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only
from coe_portal.search import actions
from coe_portal.search.models import MissedTerm
from coe_portal.search.permissions import may_tend_search
from coe_portal.search.tending import missed_terms


@require_safe
@only(may_tend_search)
def missed(request: PortalRequest) -> HttpResponse:
    settled = request.GET.get("show") == "settled"
    found = missed_terms(timezone.localdate(), settled=settled)
    return render(request, "search/missed.html", {"missed": found, "settled": settled})


@require_POST
@only(may_tend_search)
def settle(request: PortalRequest) -> HttpResponse:
    term = _term(request)
    actions.settle(by=request.user, term=term, at=timezone.now())
    messages.success(request, _("“%(term)s” is marked as seen to.") % {"term": term})
    return go(request, "search:missed")


@require_POST
@only(may_tend_search)
def reopen(request: PortalRequest) -> HttpResponse:
    actions.reopen(by=request.user, term=_term(request))
    return go(request, "search:missed")


def _term(request: PortalRequest) -> str:
    """Only what is on the list can be marked."""
    term = request.POST.get("term", "").replace("\x00", "")
    if not MissedTerm.objects.filter(term=term).exists():
        raise Http404
    return term
