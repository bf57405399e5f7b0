"""The quiz: its rules, one question a page, handing in, the result and the review after passing."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, render_part
from training.actions import quizzes as actions
from training.forms.quizzes import AnswerForm
from training.models import Attempt, Course, Enrolment
from training.permissions import may_start_attempt
from training.queries.mine import course_cards, programme_paths
from training.queries.outline import progress_of
from training.queries.quizzes import Item, attempts_of, clauses, first_unanswered, items_of
from training.views.shared import outline_context, outline_or_404


def _attempt_or_404(request: PortalRequest, attempt_id: int) -> Attempt:
    return get_object_or_404(Attempt.objects.visible_to(request.user).whole(), pk=attempt_id)


@require_safe
def quiz(request: PortalRequest, course_slug: str) -> HttpResponse:
    """The rules before one begins: how many questions, what is needed to pass, how many attempts are left."""
    outline, _token = outline_or_404(request.user, course_slug)
    progress = progress_of(request.user, outline.course_id)
    enrolments = Enrolment.objects.of(request.user).select_related("course__current")
    current = enrolments.filter(pk=progress.enrolment_id).first() if progress.enrolment_id else None
    attempts = attempts_of(current) if current else []
    context = {
        **outline_context(outline, progress),
        "progress": progress,
        "next_lesson": progress.next_lesson(outline),
        "is_open": progress.may_open_quiz(outline),
        "attempts": [attempt for attempt in attempts if attempt.is_submitted],
        "under_way": next((attempt for attempt in attempts if not attempt.is_submitted), None),
        "permit": may_start_attempt(current, attempts, timezone.now()) if current else None,
    }
    return render(request, "training/quiz.html", context)


@require_POST
def start(request: PortalRequest, course_slug: str) -> HttpResponse:
    outline, _token = outline_or_404(request.user, course_slug)
    progress = progress_of(request.user, outline.course_id)
    if progress.completed_at or not progress.may_open_quiz(outline) or not outline.question_count:
        return go(request, outline.quiz_url)
    course = Course.objects.published().get(pk=outline.course_id)
    try:
        attempt = actions.start(by=request.user, course=course, at=timezone.now())
    except actions.NoMoreAttempts:
        return go(request, outline.quiz_url)
    return go(request, "training:attempt", attempt.pk)


@require_safe
def attempt(request: PortalRequest, attempt_id: int) -> HttpResponse:
    """Where the person left off."""
    shown = _attempt_or_404(request, attempt_id)
    if shown.is_submitted:
        return redirect("training:result", shown.pk)
    item = first_unanswered(items_of(shown))
    return redirect("training:question", shown.pk, item.number if item else len(shown.question_ids))


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: PortalRequest, attempt_id: int, number: int) -> HttpResponse:
    shown = _attempt_or_404(request, attempt_id)
    if shown.is_submitted:
        return go(request, "training:result", shown.pk)
    items = items_of(shown)
    if not 1 <= number <= len(items):
        raise Http404
    form = AnswerForm(items[number - 1], request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.answer(attempt=shown, number=number, choice_ids=form.chosen, at=timezone.now())
        except actions.NotAnOption:
            form.add_error("choice", _("Choose one of the answers shown."))
        else:
            return _answered(request, shown, number)
    return render_part(request, "training/question.html", "question", _page(request, shown, items, number, form))


def _answered(request: PortalRequest, shown: Attempt, number: int) -> HttpResponse:
    """htmx gets the question with its feedback in place; a plain browser is sent to the same page."""
    if not request.htmx:
        return redirect("training:question", shown.pk, number)
    items = items_of(shown)
    context = _page(request, shown, items, number, AnswerForm(items[number - 1]))
    return render_part(request, "training/question.html", "question", context)


def _page(
    request: PortalRequest, shown: Attempt, items: list[Item], number: int, form: AnswerForm
) -> dict[str, object]:
    item = items[number - 1]
    return {
        "attempt": shown,
        "course": shown.enrolment.course,
        "item": item,
        "items": items,
        "form": form,
        "answered": sum(each.is_answered for each in items),
        "next": next((each for each in items[number:] if not each.is_answered), None) or first_unanswered(items),
        "clauses": _clauses_shown(request, item),
    }


def _clauses_shown(request: PortalRequest, item: Item) -> object:
    named = [(item.question.clause_url, item.question.clause_label)]
    named += [(move.choice.clause_url, move.choice.clause_label) for move in item.moves]
    named += [(choice.clause_url, choice.clause_label) for choice in item.chosen_choices]
    return clauses(request.user, named if item.is_answered or item.moves else [])


@require_POST
def submit(request: PortalRequest, attempt_id: int) -> HttpResponse:
    shown = _attempt_or_404(request, attempt_id)
    try:
        actions.submit(by=request.user, attempt=shown, at=timezone.now())
    except actions.Unanswered as unanswered:
        messages.info(request, _("This question is still to be answered."))
        return go(request, "training:question", shown.pk, unanswered.item.number)
    return go(request, "training:result", shown.pk)


@require_safe
def result(request: PortalRequest, attempt_id: int) -> HttpResponse:
    shown = _attempt_or_404(request, attempt_id)
    if not shown.is_submitted:
        return redirect("training:attempt", shown.pk)
    items = items_of(shown)
    paths = programme_paths(request.user, course_cards(request.user, timezone.localdate()))
    path = next((each for each in paths if any(c.course_id == shown.enrolment.course_id for c in each.courses)), None)
    context = {
        "attempt": shown,
        "course": shown.enrolment.course,
        "items": items,
        "right": sum(item.is_wholly_right for item in items),
        "look_again": _look_again(shown, items),
        "path": path,
        "permit": may_start_attempt(shown.enrolment, attempts_of(shown.enrolment), timezone.now()),
        "completion": getattr(shown.enrolment, "completion", None),
    }
    return render(request, "training/result.html", context)


def _look_again(shown: Attempt, items: list[Item]) -> list[tuple[str, str]]:
    """Slug and title of the lessons behind the questions that went wrong, in the order of the course."""
    slugs = {item.question.lesson_slug for item in items if not item.is_wholly_right}
    lessons = shown.version.lessons.filter(slug__in=slugs).order_by("module__position", "position")
    return list(lessons.values_list("slug", "title"))


@require_safe
def review(request: PortalRequest, attempt_id: int) -> HttpResponse:
    """What was right and why: only after passing, so that the quiz stays a quiz."""
    shown = _attempt_or_404(request, attempt_id)
    if not shown.passed:
        raise Http404
    items = items_of(shown)
    named = [(item.question.clause_url, item.question.clause_label) for item in items]
    named += [(move.choice.clause_url, move.choice.clause_label) for item in items for move in item.moves]
    context = {
        "attempt": shown,
        "course": shown.enrolment.course,
        "items": items,
        "clauses": clauses(request.user, named),
    }
    return render(request, "training/review.html", context)
