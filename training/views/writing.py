"""The parts of a draft: modules, lessons, questions and the steps of a scenario."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coe_portal.core import markdown
from coe_portal.core.http import PortalRequest, go
from training.actions import author
from training.forms.authoring import LessonForm, ModuleForm, QuestionForm, StepForm, all_valid, choice_rows, move_rows
from training.models import CourseVersion, Lesson, Module, Question, Step
from training.views.authoring import draft_or_404


def _data(request: PortalRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
def module(request: PortalRequest, course_slug: str, module_id: int | None = None) -> HttpResponse:
    draft = draft_or_404(request, course_slug)
    shown = get_object_or_404(draft.modules, pk=module_id) if module_id else Module(version=draft)
    form = ModuleForm(_data(request), instance=shown)
    if form.is_valid():
        author.save_module(by=request.user, module=form.save(commit=False))
        return go(request, "training:workbench", course_slug)
    context = {"course": draft.course, "form": form, "title": _("Module")}
    return render(request, "training/authoring/part.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: PortalRequest, course_slug: str, lesson_id: int | None = None) -> HttpResponse:
    """`preview` in the form shows the text as it will look, and saves nothing."""
    draft = draft_or_404(request, course_slug)
    shown = get_object_or_404(draft.lessons, pk=lesson_id) if lesson_id else Lesson(version=draft)
    initial = {"module": request.GET.get("module", "")} if not lesson_id else {}
    form = LessonForm(draft, _data(request), request.FILES or None, instance=shown, initial=initial)
    wants_preview = "preview" in request.POST
    if not wants_preview and form.is_valid():
        author.save_lesson(by=request.user, lesson=form.save(commit=False))
        messages.success(request, _("Saved."))
        return go(request, "training:workbench", course_slug)
    context = {
        "course": draft.course,
        "form": form,
        "title": _("Lesson"),
        "has_preview": True,
        "preview": markdown.render(request.POST.get("text", "")) if wants_preview else "",
    }
    return render(request, "training/authoring/part.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: PortalRequest, course_slug: str, kind: str) -> HttpResponse:
    draft = draft_or_404(request, course_slug)
    if kind not in Question.Kind.values:
        raise Http404
    return _question(request, draft, Question(version=draft, kind=kind))


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: PortalRequest, course_slug: str, question_id: int) -> HttpResponse:
    draft = draft_or_404(request, course_slug)
    return _question(request, draft, get_object_or_404(draft.questions, pk=question_id))


def _question(request: PortalRequest, draft: CourseVersion, shown: Question) -> HttpResponse:
    form = QuestionForm(_data(request), instance=shown)
    rows = None if shown.is_scenario else choice_rows(shown, _data(request))
    if request.method == "POST" and all_valid([form, rows] if rows else [form]):
        saved = author.save_question(
            by=request.user, question=form.save(commit=False), choices=rows.filled() if rows else ()
        )
        if shown.is_scenario:
            return go(request, "training:write_question", draft.course.slug, saved.pk)
        return go(request, "training:workbench", draft.course.slug)
    context = {
        "course": draft.course,
        "question": shown,
        "form": form,
        "rows": rows,
        "title": shown.get_kind_display(),
        "steps": shown.steps.prefetch_related("choices__leads_to") if shown.pk else [],
    }
    return render(request, "training/authoring/question.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: PortalRequest, course_slug: str, question_id: int, step_id: int | None = None) -> HttpResponse:
    draft = draft_or_404(request, course_slug)
    scenario = get_object_or_404(draft.questions.filter(kind=Question.Kind.SCENARIO), pk=question_id)
    shown = get_object_or_404(scenario.steps, pk=step_id) if step_id else Step(question=scenario)
    form, rows = StepForm(_data(request), instance=shown), move_rows(shown, _data(request))
    if request.method == "POST" and all_valid([form, rows]):
        author.save_step(by=request.user, step=form.save(commit=False), choices=rows.filled())
        return go(request, "training:write_question", course_slug, question_id)
    context = {"course": draft.course, "question": scenario, "form": form, "rows": rows, "title": _("Step")}
    return render(request, "training/authoring/question.html", context)


def _part_or_404(draft: CourseVersion, kind: str, part_id: int) -> tuple[Any, "QuerySet[Any]"]:
    """The part and its siblings, all of this draft."""
    parts: dict[str, QuerySet[Any]] = {
        "module": draft.modules.all(),
        "lesson": draft.lessons.all(),
        "question": draft.questions.all(),
        "step": Step.objects.filter(question__version=draft),
    }
    if kind not in parts:
        raise Http404
    part = get_object_or_404(parts[kind], pk=part_id)
    siblings = {"lesson": {"module_id": "module_id"}, "step": {"question_id": "question_id"}}.get(kind, {})
    return part, parts[kind].filter(**{name: getattr(part, name) for name in siblings})


def _back(request: PortalRequest, course_slug: str, part: Any) -> HttpResponse:
    if isinstance(part, Step):
        return go(request, "training:write_question", course_slug, part.question_id)
    return go(request, "training:workbench", course_slug)


@require_POST
def move(request: PortalRequest, course_slug: str, kind: str, part_id: int) -> HttpResponse:
    draft = draft_or_404(request, course_slug)
    part, siblings = _part_or_404(draft, kind, part_id)
    up = request.POST.get("direction") == "up"
    author.move(by=request.user, thing=part, siblings=siblings, up=up, version=draft)
    return _back(request, course_slug, part)


@require_POST
def remove(request: PortalRequest, course_slug: str, kind: str, part_id: int) -> HttpResponse:
    draft = draft_or_404(request, course_slug)
    part, _siblings = _part_or_404(draft, kind, part_id)
    author.remove(by=request.user, thing=part, version=draft)
    messages.success(request, _("Removed from the draft. The published version still has it."))
    return _back(request, course_slug, part)
