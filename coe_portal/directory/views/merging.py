"""Make two accounts of one person one: choose both, see what moves, confirm."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coe_portal.core.http import PortalRequest, go, only
from coe_portal.directory import actions
from coe_portal.directory.forms import MergeForm, StaysForm
from coe_portal.directory.queries import account_to_keep, links_of
from coe_portal.people.models import User
from coe_portal.people.permissions import may_administer


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_administer)
def merge(request: PortalRequest) -> HttpResponse:
    """Reading it with two people named shows what would move, and to which of them; sending it does it.

    Without a choice the account that the organisation's own systems know stays.
    """
    chosen = request.POST if request.method == "POST" else request.GET
    form = MergeForm(chosen if "first" in chosen and "second" in chosen else None, initial=request.GET.dict())
    if not form.is_valid():
        return render(request, "directory/merge.html", {"form": form}, status=422 if form.errors else 200)
    kept, closed, stays_form = _accounts(request, form, chosen.get("stays", ""))
    try:
        if request.method == "POST":
            actions.merge_people(by=request.user, first=kept, second=closed)
            messages.success(request, _("The two accounts are one."))
            return go(request, "people:person", kept.pk)
        merged = actions.preview_merge(by=request.user, first=kept, second=closed)
    except actions.CannotMerge as refused:
        form.add_error(None, str(refused))
        return render(request, "directory/merge.html", {"form": form}, status=422)
    context = {
        "form": form, "kept": kept, "closed": closed, "stays_form": stays_form,
        "moved": sorted(merged.moved.items()), "stayed": sorted(merged.stayed.items()),
    }  # fmt: skip
    return render(request, "directory/merge.html", context)


def _accounts(request: PortalRequest, form: MergeForm, stays: str) -> tuple[User, User, StaysForm]:
    """The one that stays, the one that is closed, and the form to choose otherwise."""
    one, other = form.cleaned_data["first"], form.cleaned_data["second"]
    links = links_of([one.pk, other.pk])
    named = {"first": one, "second": other}.get(stays)
    kept = named or account_to_keep(one, other, links, asked_by=request.user)
    return kept, other if kept.pk == one.pk else one, StaysForm(one, other, links, kept)
