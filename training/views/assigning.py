"""Enrolling an audience: first whom it hits and why, then the order."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coe_portal.core.http import PortalRequest, go
from training.actions import author
from training.actions.enrol import assign as order
from training.forms.authoring import AddCourseForm, AssignForm, ProgrammeForm
from training.models import Assignment, Course, Programme
from training.permissions import may_author, may_enrol_others
from training.queries.assigning import reach_of


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: PortalRequest, course_slug: str) -> HttpResponse:
    """With an audience in the address the page shows whom it hits; the POST orders it."""
    if not may_enrol_others(request.user):
        raise Http404
    course = get_object_or_404(Course.objects.published(), slug=course_slug)
    asked = request.POST if request.method == "POST" else request.GET
    form = AssignForm(asked or None)
    asks = form.cleaned_data if form.is_valid() else None
    if asks and request.method == "POST":
        order(by=request.user, course=course, **asks)
        messages.success(request, _("The people are being enrolled. It takes some seconds."))
        return go(request, "training:assign", course_slug)
    context = {
        "course": course,
        "form": form,
        "asks": asks,
        "reach": reach_of(course, asks["audience"], asks["due_on"], timezone.localdate()) if asks else None,
        "assignments": Assignment.objects.filter(course=course).select_related("audience", "ordered_by")[:20],
    }
    return render(request, "training/authoring/assign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_programme(request: PortalRequest, programme_slug: str = "") -> HttpResponse:
    if not may_author(request.user):
        raise Http404
    shown = get_object_or_404(Programme, slug=programme_slug) if programme_slug else Programme()
    form = ProgrammeForm(request.POST if request.method == "POST" else None, instance=shown)
    if form.is_valid():
        saved = author.save_programme(by=request.user, programme=form.save(commit=False))
        return go(request, "training:write_programme", saved.slug)
    context = {
        "form": form,
        "programme": shown,
        "places": shown.places.select_related("course__current") if shown.pk else [],
        "add": AddCourseForm(shown) if shown.pk else None,
    }
    return render(request, "training/authoring/programme.html", context)


@require_POST
def change_places(request: PortalRequest, programme_slug: str) -> HttpResponse:
    """One button each: add a course, take one out, move one up or down."""
    if not may_author(request.user):
        raise Http404
    programme = get_object_or_404(Programme, slug=programme_slug)
    wanted = request.POST.get("course", "")
    course = get_object_or_404(Course.objects.published(), pk=int(wanted) if wanted.isdecimal() else 0)
    do = request.POST.get("do", "add")
    place = programme.places.filter(course=course).first()
    if do == "add":
        author.add_to_programme(by=request.user, programme=programme, course=course)
    elif do == "remove":
        author.take_from_programme(by=request.user, programme=programme, course=course)
    elif place:
        author.move(by=request.user, thing=place, siblings=programme.places.all(), up=do == "up", version=None)
    return go(request, "training:write_programme", programme_slug)
