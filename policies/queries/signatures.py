"""Who has signed what: counts by department, names of those who have not, evidence for an export."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Role
from coe_portal.people.models import AudienceMember, Department, Membership, PersonQuerySet, User
from policies.models import Acknowledgement, Policy, Redaction, Version


@dataclass(frozen=True)
class DepartmentRow:
    """A department with everything below it."""

    department_id: int
    name: str
    depth: int
    asked: int
    signed: int

    @property
    def open(self) -> int:
        return self.asked - self.signed

    @property
    def percent(self) -> int:
        return self.signed * 100 // self.asked if self.asked else 0


def reach_of(person: User) -> frozenset[int] | None:
    """The departments whose signatures a person may see; None is all of them."""
    return person.access.reach(Role.STRATEGIST, Role.COORDINATOR)


def _asked(version: Version) -> PersonQuerySet:
    members = AudienceMember.objects.filter(audience_id=version.policy.audience_id)
    people: PersonQuerySet = User.objects.active().filter(pk__in=members.values("person_id"))
    return people


def _has_signed(version: Version, person: str) -> Exists:
    return Exists(Acknowledgement.objects.counting_for(version).filter(person=OuterRef(person)))


def totals(version: Version, reach: frozenset[int] | None, on: date) -> tuple[int, int]:
    """How many are asked and how many of them have signed, each person once."""
    people = _asked(version)
    if reach is not None:
        people = people.in_departments(reach, on)
    found = people.aggregate(asked=Count("pk"), signed=Count("pk", filter=Q(_has_signed(version, "pk"))))
    return found["asked"], found["signed"]


def by_department(version: Version, reach: frozenset[int] | None, on: date) -> list[DepartmentRow]:
    """In the order of the tree; each row counts its whole branch as far as the reader's reach goes."""
    counts = _counts(version, on)
    names: dict[int, str] = {}
    children: dict[int | None, list[int]] = defaultdict(list)
    for department_id, parent_id, name in Department.objects.order_by("position", "name").values_list(
        "pk", "parent_id", "name"
    ):
        if reach is None or department_id in reach:
            names[department_id] = name
            children[parent_id].append(department_id)
    roots = [each for parent, below in children.items() if parent not in names for each in below]
    return [row for root in roots for row in _branch(root, 0, names, children, counts) if row.asked]


def _counts(version: Version, on: date) -> dict[int, tuple[int, int]]:
    rows = (
        Membership.objects.on(on)
        .filter(person__in=_asked(version))
        .values("department_id")
        .annotate(asked=Count("pk"), signed=Count("pk", filter=Q(_has_signed(version, "person_id"))))
    )
    return {row["department_id"]: (row["asked"], row["signed"]) for row in rows}


def _branch(
    department_id: int,
    depth: int,
    names: dict[int, str],
    children: dict[int | None, list[int]],
    counts: dict[int, tuple[int, int]],
) -> list[DepartmentRow]:
    below = [_branch(child, depth + 1, names, children, counts) for child in children[department_id]]
    own = counts.get(department_id, (0, 0))
    asked = own[0] + sum(rows[0].asked for rows in below)
    signed = own[1] + sum(rows[0].signed for rows in below)
    first = DepartmentRow(department_id, names[department_id], depth, asked, signed)
    return [first, *(row for rows in below for row in rows)]


def not_signed(version: Version, departments: frozenset[int] | None, on: date) -> PersonQuerySet:
    """The people who are asked and have not signed, of these departments or of all."""
    people = _asked(version).exclude(_has_signed(version, "pk"))
    return people if departments is None else people.in_departments(departments, on)


EVIDENCE = (
    _("reference"), _("name"), _("e-mail address"), _("policy"), _("version"), _("acknowledged at (UTC)"),
    _("network address"), _("browser"), _("what was agreed to"), _("SHA-256 of what was read"),
    _("words removed for privacy since (UTC)"), _("SHA-256 of what is left"),
)  # fmt: skip


def evidence(version: Version, reach: frozenset[int] | None, on: date) -> Iterator[tuple[str, ...]]:
    """One row an acknowledgement of exactly this version by the people in reach, oldest first.

    Where words were removed afterwards, the stored text has another hash than what was read: the last columns say so.
    """
    notes = list(version.redactions.order_by("at", "pk"))
    found = Acknowledgement.objects.of_people(reach, on).filter(version=version)
    rows = found.order_by("at", "pk").select_related("person")
    for row in rows.iterator(chunk_size=2_000):
        yield (
            row.reference, row.person.name, row.person.email, version.title, version.number,
            row.at.strftime("%Y-%m-%d %H:%M:%S"), row.address or "", row.user_agent, row.consent, row.sha256,
            *_removed_since(row, notes),
        )  # fmt: skip


def _removed_since(row: Acknowledgement, notes: Sequence[Redaction]) -> tuple[str, str]:
    later = [note for note in notes if note.at > row.at]
    if not later:
        return "", ""
    return ", ".join(note.at.strftime("%Y-%m-%d %H:%M:%S") for note in later), later[-1].after


def audience_size(policy: Policy) -> int:
    return AudienceMember.objects.filter(audience_id=policy.audience_id, person__is_active=True).count()
