"""Stories: hand in, follow one's own, move them over the board."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go
from coe_portal.core.paging import page_by_key
from feedback import permissions
from feedback.actions import stories as actions
from feedback.forms import AuthorisationForm, StoryForm, StoryStepForm
from feedback.models import Authorisation, Story
from feedback.queries import stories as queries
from feedback.views.common import branch_of, draft_of, only_strategists
from feedback.views.writing import HELD, keep, text_of


def _visible_story(request: PortalRequest, story_id: int) -> Story:
    stories = Story.objects.visible_to(request.user).select_related("submitter", "department")
    return get_object_or_404(stories, pk=story_id)


def _moved_story(request: PortalRequest, story_id: int) -> Story:
    """Others get the answer that an address without a page gets, submitters too."""
    shown = _visible_story(request, story_id)
    if not permissions.can_move(request.user, shown):
        raise Http404
    return shown


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """One's own stories and what became of them."""
    mine = Story.objects.filter(submitter=request.user).select_related("department")
    return render(request, "feedback/stories.html", {"page": page_by_key(request, mine, by="moved_at")})


@require_safe
def board(request: PortalRequest) -> HttpResponse:
    only_strategists(request.user)
    columns = queries.board(request.user, timezone.localdate())
    return render(request, "feedback/board.html", {"columns": columns, "branch": branch_of(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: PortalRequest) -> HttpResponse:
    draft = draft_of(request, "story") if request.method != "POST" else None
    initial = {"department": queries.own_department(request.user, timezone.localdate()), "contact": request.user.name}
    form = StoryForm(request.POST or None, initial=initial | (draft.fields if draft else {}))
    if request.method == "POST" and form.is_valid():
        story = actions.hand_in(by=request.user, idea=_idea(form), text=text_of(form), at=timezone.now())
        said = HELD if story.is_held else _("Thank you. You will be told whenever your story moves.")
        messages.success(request, said)
        return go(request, story)
    if request.method == "POST":
        keep(request, "story")
    return render(request, "feedback/hand_in.html", {"form": form, "kept": draft.updated_at if draft else None})


def _idea(form: StoryForm) -> actions.Idea:
    names = ("title", "department", "contact", "shows_patient")
    return actions.Idea(**{name: form.cleaned_data[name] for name in names})


@require_safe
def story(request: PortalRequest, story_id: int) -> HttpResponse:
    return render(request, "feedback/story.html", _story_context(request, _visible_story(request, story_id)))


def _story_context(request: PortalRequest, shown: Story, **extra: Any) -> dict[str, Any]:
    may_move = permissions.can_move(request.user, shown)
    moves = queries.moves_of(shown) if may_move and not shown.is_held else []
    return {
        "story": shown,
        "moves": moves,
        "steps": shown.moves.select_related("by"),
        "authorisations": shown.authorisations.select_related("recorded_by") if shown.shows_patient else [],
        "today": timezone.localdate(),
        "is_authorised": permissions.is_authorised(shown, timezone.localdate()),
        "may_move": may_move,
        "step_form": StoryStepForm(),
        "authorisation_form": AuthorisationForm(),
        "hold": shown.holds.order_by("-created_at").first() if shown.is_held else None,
        **extra,
    }


@require_POST
def move(request: PortalRequest, story_id: int) -> HttpResponse:
    """From the board one comes back to the board; what is missing is said on the story's page."""
    shown = _moved_story(request, story_id)
    form = StoryStepForm(request.POST)
    if form.is_valid() and _moved(request, shown, form):
        return go(request, "feedback:board") if request.POST.get("back") == "board" else go(request, shown)
    return render(request, "feedback/story.html", _story_context(request, shown, step_form=form, form=form))


def _moved(request: PortalRequest, shown: Story, form: StoryStepForm) -> bool:
    try:
        actions.move(by=request.user, story=shown, step=actions.Step(**form.cleaned_data), at=timezone.now())
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
def authorise(request: PortalRequest, story_id: int) -> HttpResponse:
    shown = _moved_story(request, story_id)
    form = AuthorisationForm(request.POST)
    if form.is_valid():
        actions.authorise(by=request.user, story=shown, authorisation=form.save(commit=False), at=timezone.now())
        return go(request, shown)
    return render(request, "feedback/story.html", _story_context(request, shown, authorisation_form=form, form=form))


@require_POST
def revoke(request: PortalRequest, authorisation_id: int) -> HttpResponse:
    stories = Story.objects.visible_to(request.user).looked_after_by(request.user)
    found = get_object_or_404(Authorisation.objects.select_related("story"), pk=authorisation_id, story__in=stories)
    actions.revoke(by=request.user, authorisation=found, on=timezone.localdate())
    return go(request, found.story)
