"""What several pages need: the course behind an address, the tabs above them."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import User
from training.permissions import may_author, may_oversee
from training.queries.outline import Outline, OutlineLesson, Progress, outline_links, visible_outline


@dataclass(frozen=True)
class Tab:
    label: Promise
    url: str
    icon: str
    current: bool


def tabs(person: User, current: str) -> list[Tab]:
    shown = [
        (_("My learning"), "index", "training", True),
        (_("All courses"), "catalogue", "search", True),
        (_("My certificates"), "certificates", "certificate", True),
        (_("Team"), "team", "audience", may_oversee(person)),
        (_("Write courses"), "authoring", "edit", may_author(person)),
    ]
    return [
        Tab(label, reverse(f"training:{name}"), icon, name == current)
        for label, name, icon, allowed in shown
        if allowed
    ]


def outline_or_404(person: User, slug: str) -> tuple[Outline, str]:
    found = visible_outline(person, slug)
    if found is None:
        raise Http404
    return found


def lesson_or_404(outline: Outline, slug: str) -> OutlineLesson:
    lesson = outline.lesson(slug)
    if lesson is None:
        raise Http404
    return lesson


def outline_context(outline: Outline, progress: Progress, shown: OutlineLesson | None = None) -> dict[str, object]:
    return {
        "outline": outline,
        "links": outline_links(outline, progress, shown),
        "done": progress.done_of(outline),
        "completed": progress.completed_at is not None,
    }
