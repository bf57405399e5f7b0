"""Writing courses: the list, the workbench of one course, publishing, previewing, figures."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go
from training.actions import author
from training.actions import publish as publishing
from training.forms.authoring import CourseForm, DetailsForm, NewCourseForm, PublishForm, all_valid
from training.models import Course, CourseVersion, Programme
from training.permissions import may_author
from training.queries.authoring import authored_courses, problems_of
from training.queries.outline import Progress, outline_from
from training.queries.statistics import question_figures, quiz_figures
from training.views.shared import outline_context, tabs


def course_or_404(request: PortalRequest, course_slug: str) -> Course:
    if not may_author(request.user):
        raise Http404
    return get_object_or_404(Course.objects.select_related("current", "audience"), slug=course_slug)


def draft_or_404(request: PortalRequest, course_slug: str) -> CourseVersion:
    """What is published is not there to be written to."""
    course = course_or_404(request, course_slug)
    return get_object_or_404(CourseVersion.objects.drafts().select_related("course"), course=course)


@require_safe
def authoring(request: PortalRequest) -> HttpResponse:
    if not may_author(request.user):
        raise Http404
    context = {
        "tabs": tabs(request.user, "authoring"),
        "courses": authored_courses(),
        "programmes": Programme.objects.all(),
    }
    return render(request, "training/authoring/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    if not may_author(request.user):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form, details = NewCourseForm(data), DetailsForm(data)
    if data is not None and all_valid([form, details]):
        course = author.create_course(by=request.user, **form.cleaned_data, details=details.cleaned_data)
        return go(request, "training:workbench", course.slug)
    return render(request, "training/authoring/details.html", {"form": form, "details": details})


@require_safe
def workbench(request: PortalRequest, course_slug: str) -> HttpResponse:
    course = course_or_404(request, course_slug)
    draft = course.versions.drafts().first()
    shown = draft or course.current
    assert shown is not None  # noqa: S101 - a course is made with its first draft
    context = {
        "course": course,
        "version": shown,
        "draft": draft,
        "modules": shown.modules.prefetch_related("lessons"),
        "questions": shown.questions.prefetch_related("steps"),
        "problems": problems_of(draft) if draft else [],
        "form": PublishForm(),
        "versions": course.versions.published().select_related("published_by").order_by("-number"),
    }
    return render(request, "training/authoring/workbench.html", context)


@require_POST
def start_draft(request: PortalRequest, course_slug: str) -> HttpResponse:
    publishing.start_draft(by=request.user, course=course_or_404(request, course_slug))
    return go(request, "training:workbench", course_slug)


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: PortalRequest, course_slug: str) -> HttpResponse:
    """What the draft says and asks; for whom the course is counts at once."""
    draft = draft_or_404(request, course_slug)
    data = request.POST if request.method == "POST" else None
    form, written = CourseForm(data, instance=draft.course), DetailsForm(data, instance=draft)
    if data is not None and all_valid([form, written]):
        author.change_course(by=request.user, course=draft.course, **form.cleaned_data)
        author.save_details(by=request.user, version=draft, details=written.cleaned_data)
        messages.success(request, _("Saved."))
        return go(request, "training:workbench", course_slug)
    context = {"form": form, "details": written, "course": draft.course}
    return render(request, "training/authoring/details.html", context)


@require_POST
def publish(request: PortalRequest, course_slug: str) -> HttpResponse:
    draft = draft_or_404(request, course_slug)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say in one sentence what is new."))
        return go(request, "training:workbench", course_slug)
    try:
        publishing.publish(by=request.user, version=draft, **form.cleaned_data, at=timezone.now())
    except publishing.NotReady as not_ready:
        messages.error(request, " ".join(not_ready.problems))
    else:
        messages.success(request, _("Version %(number)s is published.") % {"number": draft.number})
    return go(request, "training:workbench", course_slug)


@require_safe
def preview(request: PortalRequest, course_slug: str) -> HttpResponse:
    """The draft on one page, as readers will see its texts and questions."""
    draft = draft_or_404(request, course_slug)
    outline = outline_from(draft.course, draft)
    context = {
        **outline_context(outline, Progress()),
        "course": draft.course,
        "lessons": draft.lessons.order_by("module__position", "position"),
        "questions": draft.questions.with_choices(),
    }
    return render(request, "training/authoring/preview.html", context)


@require_safe
def statistics(request: PortalRequest, course_slug: str) -> HttpResponse:
    course = course_or_404(request, course_slug)
    versions = course.versions.published().order_by("-number")
    asked = request.GET.get("version", "")
    version = versions.filter(number=int(asked)).first() if asked.isdecimal() and len(asked) < 5 else course.current
    if version is None:
        raise Http404
    context = {
        "course": course,
        "version": version,
        "versions": versions,
        "quiz": quiz_figures(version),
        "questions": question_figures(version),
    }
    return render(request, "training/authoring/statistics.html", context)
