"""My learning, the catalogue, a programme, a course and its lessons."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coe_portal.core.fragments import fragment
from coe_portal.core.http import PortalRequest, go
from training.actions.enrol import enrol_oneself
from training.actions.learn import NotOpenYet, mark_done
from training.forms.catalogue import CatalogueForm
from training.models import Completion, Course, Lesson, Programme
from training.queries.mine import course_cards, programme_paths
from training.queries.outline import Outline, OutlineLesson, Progress, outline_of, progress_of
from training.rules import may_be_renewed
from training.views.shared import lesson_or_404, outline_context, outline_or_404, tabs


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    cards = course_cards(request.user, today)
    under_way = [card for card in cards if card.is_open]
    begun = next((card for card in under_way if card.has_begun), next(iter(under_way), None))
    found = outline_of(begun.slug) if begun else None
    context = {
        "tabs": tabs(request.user, "index"),
        "today": today,
        "begun": begun,
        "next_lesson": progress_of(request.user, begun.course_id).next_lesson(found[0]) if begun and found else None,
        "under_way": [card for card in under_way if card != begun],
        "to_renew": [card for card in cards if card.state in {"expiring", "expired"}],
        "paths": programme_paths(request.user, cards),
    }
    return render(request, "training/index.html", context)


@require_safe
def catalogue(request: PortalRequest) -> HttpResponse:
    form = CatalogueForm(request.GET)
    cards = form.narrow(course_cards(request.user, timezone.localdate()))
    context = {"tabs": tabs(request.user, "catalogue"), "form": form, "cards": cards}
    return render(request, "training/catalogue.html", context)


@require_safe
def programme(request: PortalRequest, programme_slug: str) -> HttpResponse:
    shown = get_object_or_404(Programme.objects.visible_to(request.user), slug=programme_slug)
    cards = course_cards(request.user, timezone.localdate())
    path = next((each for each in programme_paths(request.user, cards) if each.programme == shown), None)
    return render(request, "training/programme.html", {"programme": shown, "path": path})


@require_safe
def course(request: PortalRequest, course_slug: str) -> HttpResponse:
    outline, token = outline_or_404(request.user, course_slug)
    today = timezone.localdate()
    progress = progress_of(request.user, outline.course_id)
    completions = Completion.objects.visible_to(request.user).filter(course_id=outline.course_id)
    completion = completions.select_related("certificate").order_by("-completed_at").first()
    context = {
        **outline_context(outline, progress),
        "progress": progress,
        "next_lesson": progress.next_lesson(outline),
        "completion": completion,
        "certificate_state": completion.certificate.state_on(today) if completion else "",
        "may_renew": completion is not None and may_be_renewed(completion.valid_until, today),
        "today": today,
        "about": fragment("training/course_about.html", [outline.version_id, token], lambda: {"outline": outline}),
    }
    return render(request, "training/course.html", context)


@require_POST
def enrol(request: PortalRequest, course_slug: str) -> HttpResponse:
    """Begin, or begin again where a certificate ends."""
    outline, _token = outline_or_404(request.user, course_slug)
    enrol_oneself(by=request.user, course=Course.objects.get(pk=outline.course_id), at=timezone.now())
    first = progress_of(request.user, outline.course_id).next_lesson(outline)
    return go(request, first.url if first else outline.quiz_url)


@require_safe
def lesson(request: PortalRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    outline, token = outline_or_404(request.user, course_slug)
    shown = lesson_or_404(outline, lesson_slug)
    progress = progress_of(request.user, outline.course_id)
    if not progress.may_open(outline, shown):
        return _not_yet(request, course_slug)
    context = {
        "outline": outline,
        "lesson": shown,
        "outline_html": _outline_html(outline, token, progress, shown),
        "progress": progress,
        "is_done": shown.slug in progress.done,
        "before": outline.before(shown),
        "after": outline.after(shown),
        "body": fragment("training/lesson_body.html", [shown.id, token], lambda: _body(shown.id, course_slug)),
    }
    return render(request, "training/lesson.html", context)


def _outline_html(outline: Outline, token: str, progress: Progress, shown: OutlineLesson) -> str:
    """The same for all who are equally far, so most readers find it made."""
    done = sorted(progress.done)
    key = [outline.version_id, token, shown.slug, *done, bool(progress.completed_at)]
    return fragment("training/parts/outline.html", key, lambda: outline_context(outline, progress, shown))


def _body(lesson_id: int, course_slug: str) -> dict[str, object]:
    return {"lesson": Lesson.objects.get(pk=lesson_id), "course_slug": course_slug}


@require_POST
def lesson_done(request: PortalRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    outline, _token = outline_or_404(request.user, course_slug)
    shown = lesson_or_404(outline, lesson_slug)
    try:
        mark_done(by=request.user, outline=outline, lesson=shown, at=timezone.now())
    except NotOpenYet:
        return _not_yet(request, course_slug)
    following = outline.after(shown)
    return go(request, following.url if following else outline.quiz_url)


def _not_yet(request: PortalRequest, course_slug: str) -> HttpResponse:
    outline, _token = outline_or_404(request.user, course_slug)
    messages.info(request, _("This course keeps its lessons in order. Here is where you are."))
    following = progress_of(request.user, outline.course_id).next_lesson(outline)
    return go(request, following.url if following else outline.url)
