"""Words that mean the same, kept by strategists; they count from the next search on."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key
from coe_portal.search import actions
from coe_portal.search.forms import SynonymForm
from coe_portal.search.models import Synonym
from coe_portal.search.permissions import may_tend_search
from coe_portal.search.queries import find
from coe_portal.search.tending import explained
from coe_portal.search.wording import LONGEST_QUERY


@require_safe
@only(may_tend_search)
def synonyms(request: PortalRequest) -> HttpResponse:
    text = request.GET.get("try", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    context = {
        "page": page_by_key(request, Synonym.objects.all(), by="changed_at", size=50),
        "text": text,
        "explained": [explained(text, language) for language, _name in settings.LANGUAGES] if text else [],
        "found": find(request.user, text) if text else None,
    }
    return render(request, "search/synonyms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_tend_search)
def new_synonym(request: PortalRequest) -> HttpResponse:
    return _written(request, Synonym(words=[request.GET.get("word", "").replace("\x00", "")[:60]]))


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_tend_search)
def edit_synonym(request: PortalRequest, synonym_id: int) -> HttpResponse:
    return _written(request, get_object_or_404(Synonym, pk=synonym_id))


@require_POST
@only(may_tend_search)
def remove_synonym(request: PortalRequest, synonym_id: int) -> HttpResponse:
    actions.remove_synonym(by=request.user, synonym=get_object_or_404(Synonym, pk=synonym_id))
    messages.success(request, _("The synonym is gone. Searches no longer use it."))
    return go(request, "search:synonyms")


def _written(request: PortalRequest, synonym: Synonym) -> HttpResponse:
    form = SynonymForm(request.POST or None, instance=synonym)
    if request.method == "POST" and form.is_valid():
        actions.save_synonym(by=request.user, synonym=synonym, fields=form.cleaned_data)
        messages.success(request, _("Saved. Searches use it from now on."))
        return go(request, "search:synonyms")
    return render(request, "search/synonym.html", {"form": form, "synonym": synonym})
