"""What a coordinator sees of the branch, and a strategist of everybody: who owes what, who is done."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import Department, Membership, User
from coe_portal.people.queries import branch_ids, department_names
from training.models import Course, Enrolment
from training.models.records import EnrolmentQuerySet
from training.permissions import people_overseen, reach_of


class Show(StrEnum):
    OVERDUE = "overdue"
    SOON = "soon"
    OPEN = "open"
    COMPLETED = "completed"


SHOW_LABELS: Mapping[Show, Promise] = {
    Show.OVERDUE: _("Overdue"),
    Show.SOON: _("Due in 30 days"),
    Show.OPEN: _("All open"),
    Show.COMPLETED: _("Completed"),
}
# The column by which each list is paged; the newest date comes first.
ORDER: Mapping[Show, str] = {
    Show.OVERDUE: "due_on",
    Show.SOON: "due_on",
    Show.OPEN: "enrolled_at",
    Show.COMPLETED: "completed_at",
}


@dataclass(frozen=True)
class Filters:
    """As written in the address; what does not exist or is not in the branch finds nothing."""

    show: Show = Show.OVERDUE
    department_id: int | None = None
    course_id: int | None = None

    def as_query(self) -> dict[str, str | int]:
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_query(cls, query: Mapping[str, object]) -> "Filters":
        show = str(query.get("show", ""))
        return cls(
            show=Show(show) if show in set(Show) else Show.OVERDUE,
            department_id=_number(query.get("department_id")),
            course_id=_number(query.get("course_id")),
        )


def _number(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def enrolments_overseen(person: User, filters: Filters, on: date) -> EnrolmentQuerySet:
    found: EnrolmentQuerySet = Enrolment.objects.seen_by(people_overseen(person, on))
    if filters.department_id is not None:
        members = Membership.objects.on(on).filter(department_id__in=branch_ids([filters.department_id]))
        found = found.filter(person_id__in=members.values("person_id"))
    if filters.course_id is not None:
        found = found.filter(course_id=filters.course_id)
    if filters.show == Show.COMPLETED:
        return found.filter(completed_at__isnull=False)
    narrowed = {Show.OVERDUE: found.overdue(on), Show.SOON: found.due_soon(on), Show.OPEN: found.open()}
    return narrowed[filters.show]


@dataclass(frozen=True)
class TeamRow:
    """`on` is the day it is looked at."""

    enrolment_id: int
    name: str
    department: str
    course: str
    due_on: date | None
    completed_at: datetime | None
    on: date

    @property
    def url(self) -> str:
        return reverse("training:enrolment", args=[self.enrolment_id])

    @property
    def is_overdue(self) -> bool:
        return self.completed_at is None and self.due_on is not None and self.due_on < self.on


def team_rows(enrolments: "list[Enrolment]", on: date) -> list[TeamRow]:
    """The departments in one query more."""
    departments = department_names([each.person_id for each in enrolments], on)
    return [_row(each, departments.get(each.person_id, ""), on) for each in enrolments]


def with_names(enrolments: "QuerySet[Enrolment]") -> "QuerySet[Enrolment]":
    return enrolments.select_related("person", "course__current", "completion")


def _row(enrolment: Enrolment, department: str, on: date) -> TeamRow:
    return TeamRow(
        enrolment_id=enrolment.pk,
        name=enrolment.person.name,
        department=department,
        course=enrolment.course.title,
        due_on=enrolment.due_on,
        completed_at=enrolment.completed_at,
        on=on,
    )


EXPORT_SLICE = 2_000
EXPORTED = (
    "pk",
    "person_id",
    "person__name",
    "course__current__title",
    "reason",
    "due_on",
    "completed_at",
    "completion__score",
)


def export_rows(enrolments: "QuerySet[Enrolment]", on: date) -> Iterator[tuple[object, ...]]:
    """All of them in slices, so that 56,000 rows never stand in memory at once; two queries a slice."""
    last = 0
    while part := list(enrolments.filter(pk__gt=last).order_by("pk").values_list(*EXPORTED)[:EXPORT_SLICE]):
        last = part[-1][0]
        departments = department_names([row[1] for row in part], on)
        for _pk, person_id, name, course, reason, due, done, score in part:
            day = timezone.localdate(done).isoformat() if done else ""
            yield name, departments.get(person_id, ""), course, reason, due.isoformat() if due else "", day, score


@dataclass(frozen=True)
class DepartmentCount:
    department_id: int
    name: str
    enrolled: int
    completed: int
    overdue: int

    @property
    def per_cent(self) -> int:
        return round(100 * self.completed / self.enrolled) if self.enrolled else 0


def by_department(person: User, course_id: int | None, on: date) -> list[DepartmentCount]:
    """Per department of the reader's branch: enrolments, how many are completed and how many overdue; one query."""
    people = people_overseen(person, on)
    live = Q(withdrawn_at=None, person__in=people.values("pk"))
    if course_id is not None:
        live &= Q(course_id=course_id)
    here = Q(person__memberships__starts__lte=on) & (
        Q(person__memberships__ends=None) | Q(person__memberships__ends__gt=on)
    )
    rows = (
        Enrolment.objects.filter(live & here)
        .values("person__memberships__department", "person__memberships__department__name")
        .annotate(
            enrolled=Count("pk", distinct=True),
            completed=Count("pk", filter=Q(completed_at__isnull=False), distinct=True),
            overdue=Count("pk", filter=Q(completed_at=None, due_on__lt=on), distinct=True),
        )
        .order_by("-overdue", "person__memberships__department__name")
        .values_list(
            "person__memberships__department",
            "person__memberships__department__name",
            "enrolled",
            "completed",
            "overdue",
        )
    )
    return [DepartmentCount(*row) for row in rows]


@dataclass(frozen=True)
class Totals:
    overdue: int
    soon: int
    open: int
    completed: int


def totals(person: User, on: date) -> Totals:
    found = Enrolment.objects.seen_by(people_overseen(person, on))
    soon = found.due_soon(on)
    return Totals(
        **found.aggregate(
            overdue=Count("pk", filter=Q(completed_at=None, withdrawn_at=None, due_on__lt=on)),
            soon=Count("pk", filter=Q(pk__in=soon.values("pk"))),
            open=Count("pk", filter=Q(completed_at=None, withdrawn_at=None)),
            completed=Count("pk", filter=Q(completed_at__isnull=False)),
        )
    )


def departments_overseen(person: User) -> "QuerySet[Department]":
    """What the filter offers."""
    branch = reach_of(person)
    departments = Department.objects.order_by("name")
    return departments if branch is None else departments.filter(pk__in=branch)  # type: ignore[no-any-return]


def courses_overseen(person: User, on: date) -> "QuerySet[Course]":
    """What the filter offers: every course, or those that people of the branch are enrolled in."""
    found = Course.objects.published().order_by("current__title")
    if reach_of(person) is None:
        return found
    taken = Enrolment.objects.seen_by(people_overseen(person, on)).filter(course=OuterRef("pk"))
    return found.filter(Exists(taken))
