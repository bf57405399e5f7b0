"""What training adds to the pages that all apps share."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coe_portal.contributions import (
    Contribution,
    Document,
    Done,
    HomeCard,
    HomeItem,
    Measurement,
    NavItem,
    NotificationKind,
    Obligation,
    Standing,
    Statement,
    content_language,
)
from coe_portal.core.text import plain
from coe_portal.people.models import User
from training.models import Completion, Course, Enrolment, Lesson, LessonDone
from training.queries.mine import open_enrolments
from training.queries.told import still_seen
from training.queries.uses import audience_uses

HOME_ITEMS = 3


def open_obligations(person_ids: Collection[int], on: date) -> Iterable[Obligation]:
    """One query, and no model a row, since a branch has thousands of them."""
    begun = LessonDone.objects.filter(enrolment=OuterRef("pk"))
    owed = Enrolment.objects.owed().filter(person_id__in=person_ids).annotate(has_begun=Exists(begun))
    rows = owed.values_list("pk", "person_id", "course__slug", "course__current__title", "due_on", "has_begun")
    urls: dict[str, str] = {}
    for enrolment_id, person_id, slug, title, due, has_begun in rows:
        yield Obligation(
            person_id=person_id,
            kind="training.course",
            title=title or slug,
            url=urls.get(slug) or urls.setdefault(slug, reverse("training:course", args=[slug])),
            due=due,
            action=gettext_lazy("Take the course"),
            key=f"training.enrolment:{enrolment_id}",
            started=has_begun,
        )


def owed(on: date) -> Statement:
    begun = Exists(LessonDone.objects.filter(enrolment=OuterRef("pk")))
    rows = Enrolment.objects.owed().order_by()
    return Statement.of(rows.values_list("person_id", Value("training.course"), "due_on", begun))


def done(person: User, since: date) -> Iterable[Done]:
    passed = Completion.objects.filter(person=person, completed_on__gte=since).select_related("course__current")
    for each in passed.order_by("-completed_at")[: HOME_ITEMS * 3]:
        yield Done(each.course.title, each.course.get_absolute_url(), gettext_lazy("Passed"), each.completed_at)


def home_cards(person: User, on: date) -> Iterable[HomeCard]:
    begun = [each for each in open_enrolments(person) if each.done]  # type: ignore[attr-defined]
    if not begun:
        return
    yield HomeCard(
        key="training",
        title=gettext_lazy("Go on learning"),
        order=40,
        items=[
            HomeItem(
                title=each.course.title,
                language=content_language(),
                url=each.course.get_absolute_url(),
                note=ngettext("%(done)s lesson done", "%(done)s lessons done", each.done)  # type: ignore[attr-defined]
                % {"done": each.done},  # type: ignore[attr-defined]
            )
            for each in begun[:HOME_ITEMS]
        ],
        more_url=reverse("training:index"),
        more_label=gettext_lazy("My learning"),
    )


def course_documents(course_ids: Collection[int] | None) -> Iterable[Document]:
    courses = Course.objects.published()
    for course in courses if course_ids is None else courses.filter(pk__in=course_ids):
        version = course.current
        assert version is not None and version.published_at is not None  # noqa: S101, PT018 - published
        yield Document(
            kind="course",
            object_id=course.pk,
            title=version.title,
            lead=version.summary,
            body=version.outcomes,
            url=course.get_absolute_url(),
            audience_id=course.audience_id,
            changed_at=version.published_at,
            weight=1.4,
        )


def lesson_documents(lesson_ids: Collection[int] | None) -> Iterable[Document]:
    """The lessons of the versions that people see now."""
    lessons = Lesson.objects.in_force().select_related("version__course")
    for lesson in lessons if lesson_ids is None else lessons.filter(pk__in=lesson_ids):
        version = lesson.version
        assert version.published_at is not None  # noqa: S101 - in force
        yield Document(
            kind="lesson",
            object_id=lesson.pk,
            title=lesson.title,
            lead=version.title,
            body=f"{plain(lesson.html)}\n{plain(lesson.transcript_html)}",
            url=reverse("training:lesson", args=[version.course.slug, lesson.slug]),
            audience_id=version.course.audience_id,
            changed_at=version.published_at,
        )


def standings(person_ids: Collection[int], on: date) -> Mapping[int, Sequence[Standing]]:
    """A valid certificate of each course that the licence to post asks for; two queries."""
    courses = list(Course.objects.for_licence().order_by("current__title"))
    valid: defaultdict[int, set[int]] = defaultdict(set)
    proven = Completion.objects.valid_on(on).filter(person_id__in=person_ids, course__in=courses)
    for person_id, course_id in proven.values_list("person_id", "course_id"):
        valid[person_id].add(course_id)
    return {
        person_id: [
            Standing(
                met=course.pk in valid[person_id],
                label=_("Valid certificate: %(course)s") % {"course": course.title},
                url=course.get_absolute_url(),
            )
            for course in courses
        ]
        for person_id in person_ids
    }


def measurements(start: date, end: date) -> Iterable[Measurement]:
    """Of the courses that fell due from `start` to `end`, how many were completed by their due date."""
    due = Enrolment.objects.filter(due_on__range=(start, end), withdrawn_at=None)
    total = due.count()
    yield Measurement(
        key="training.completed_in_time",
        label=gettext_lazy("Courses completed by their due date"),
        value=Decimal(100 * due.in_time().count()) / total if total else None,
        unit="%",
        url=reverse("training:team"),
    )
    yield Measurement(
        key="training.completions",
        label=gettext_lazy("Courses completed"),
        value=Decimal(Completion.objects.filter(completed_on__range=(start, end)).count()),
        unit=_("completions"),
        url=reverse("training:team"),
    )


contribution = Contribution(
    app="training",
    nav=[NavItem(label=gettext_lazy("Training"), url_name="training:index", icon="course", order=30)],
    obligations=open_obligations,
    owed=owed,
    obligation_labels={"training.course": gettext_lazy("Course to take")},
    done=done,
    home_cards=home_cards,
    home_versions=["training:records"],
    documents={"course": course_documents, "lesson": lesson_documents},
    document_labels={"course": gettext_lazy("Course"), "lesson": gettext_lazy("Lesson")},
    notification_kinds=[
        NotificationKind("training.enrolled", gettext_lazy("Courses you have to take"), still_seen=still_seen),
        NotificationKind("training.reminder", gettext_lazy("Reminders of courses"), still_seen=still_seen),
        NotificationKind("training.certificate", gettext_lazy("Certificates")),
    ],
    measurements=measurements,
    standings=standings,
    audience_uses=audience_uses,
)
