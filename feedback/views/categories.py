"""Strategists lay out the rooms of the forum."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from coe_portal.core.http import PortalRequest, go
from feedback.actions import categories as actions
from feedback.forms import CategoryForm
from feedback.models import Category
from feedback.permissions import can_manage_categories


def _only_keepers(request: PortalRequest) -> None:
    if not can_manage_categories(request.user):
        raise Http404


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    _only_keepers(request)
    found = Category.objects.visible_to(request.user).select_related("audience")
    return render(request, "feedback/categories.html", {"categories": found})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    _only_keepers(request)
    return _edit(request, Category())


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PortalRequest, category_id: int) -> HttpResponse:
    _only_keepers(request)
    return _edit(request, get_object_or_404(Category.objects.visible_to(request.user), pk=category_id))


def _edit(request: PortalRequest, category: Category) -> HttpResponse:
    form = CategoryForm(request.POST or None, instance=category, audience_ids=request.user.access.audience_ids)
    if request.method == "POST" and form.is_valid():
        saved = actions.save(by=request.user, category=form.save(commit=False))
        return go(request, saved)
    return render(request, "feedback/category_form.html", {"form": form, "category": category})
