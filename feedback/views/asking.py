"""Ask the center, with what is known already shown first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go
from coe_portal.search.models import SearchDocument
from coe_portal.search.queries import suggest
from feedback import permissions
from feedback.actions import asking as actions
from feedback.actions.topics import Text
from feedback.forms import AskForm
from feedback.models import Category, Topic
from feedback.queries.rooms import Room, rooms_of
from feedback.views.common import draft_of
from feedback.views.writing import HELD, keep

SUGGESTIONS = 5


def _rooms(request: PortalRequest) -> list[Room]:
    return [room for room in rooms_of(request.user) if permissions.can_start(request.user, room)]


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PortalRequest) -> HttpResponse:
    """Without JavaScript the suggestions are a step of their own: the first sending shows them."""
    rooms = _rooms(request)
    if request.method != "POST":
        initial = _initial(request, rooms)
        form = AskForm(initial=initial, rooms=rooms)
        return _page(request, form, kept=initial.pop("kept", ""), found=_suggest(request, initial.get("title", "")))
    form = AskForm(request.POST, rooms=rooms)
    found = _suggest(request, request.POST.get("title", ""))
    valid = form.is_valid()
    if not valid or (found and not _was_shown(request, form) and not _was_sent(request, form)):
        keep(request, "ask")
        return _page(request, form, found=found, step=valid)
    topic = _ask(request, form)
    messages.warning(request, HELD) if topic.is_held else messages.success(request, _("Your question is asked."))
    return go(request, topic)


def _was_shown(request: PortalRequest, form: AskForm) -> bool:
    """What was suggested for another wording does not count."""
    return bool(request.POST.get("seen", "").strip() == form.cleaned_data["title"])


def _was_sent(request: PortalRequest, form: AskForm) -> bool:
    """A second click on the same form must not be asked about the question that the first one made."""
    return Topic.objects.filter(author=request.user, key=form.cleaned_data["key"]).exists()


def _ask(request: PortalRequest, form: AskForm) -> Topic:
    data = form.cleaned_data
    category = get_object_or_404(Category.objects.visible_to(request.user), slug=data["category"])
    return actions.ask(
        by=request.user,
        category=category,
        title=data["title"],
        text=Text(source=data["text"] or data["title"], key=data["key"], found=form.found),
        at=timezone.now(),
        about_url=data["url"],
        about_title=data["about"],
    )


def _initial(request: PortalRequest, rooms: list[Room]) -> dict[str, Any]:
    """What the address says goes before what was kept: somebody who comes from a clause asks about that clause."""
    draft = draft_of(request, "ask")
    kept = dict(draft.fields) if draft else {}
    asked = {name: request.GET.get(name, "").replace("\x00", "") for name in ("title", "about", "url", "category")}
    chosen = {name: value for name, value in asked.items() if value}
    start: dict[str, Any] = {"category": rooms[0].slug if rooms else ""} | kept | chosen
    return start | {"kept": draft.updated_at if draft and not asked["title"] else ""}


def _suggest(request: PortalRequest, text: str) -> list[Any]:
    typed = text.replace("\x00", "").strip()
    return list(suggest(request.user, typed, SUGGESTIONS)) if len(typed) > 2 else []


def _page(
    request: PortalRequest, form: AskForm, *, found: list[Any], kept: Any = "", step: bool = False
) -> HttpResponse:
    fields = {"key": form["key"].value(), "shown_for": form["title"].value() or ""}
    context = {"form": form, "found": found, "step": step, "kept": kept} | fields
    return render(request, "feedback/ask.html", context)


@require_safe
def suggestions(request: PortalRequest) -> HttpResponse:
    """The part below the question, while it is typed."""
    typed = request.GET.get("title", "")
    context = {"found": _suggest(request, typed), "key": _key(request.GET.get("key", "")), "shown_for": typed}
    return render(request, "feedback/_suggestions.html", context)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


@require_POST
def opened(request: PortalRequest) -> HttpResponse:
    """Note which suggestion is opened, then go there. Only what the person can find can be opened."""
    documents = SearchDocument.objects.visible_to(request.user)
    document = documents.filter(url=request.POST.get("url", "").replace("\x00", "")[:300]).order_by("pk").first()
    if document is None:
        raise Http404
    actions.opened(by=request.user, key=_key(request.POST.get("key", "")), document=document, at=timezone.now())
    return redirect(document.url)


@require_POST
def helped(request: PortalRequest) -> HttpResponse:
    actions.helped(by=request.user, key=_key(request.POST.get("key", "")), at=timezone.now())
    messages.success(request, _("Glad it helped. Nothing was posted."))
    return go(request, "feedback:index")
