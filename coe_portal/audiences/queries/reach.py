"""Whom a rule that is still being written would hit, and what a change of it would mean."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from coe_portal.audiences.permissions import seen_by
from coe_portal.contributions import AudienceUse, audience_uses
from coe_portal.people.models import Audience, Department, User
from coe_portal.people.queries import department_names, matching
from coe_portal.people.rules import Rule

NAMES_AT_ONCE = 20
FEW = 10


@dataclass(frozen=True)
class Name:
    person: User
    department: str


@dataclass(frozen=True)
class Reach:
    """How many the rule hits, and the first of those whose names the reader may see."""

    number: int
    of: int
    names: Sequence[Name]
    after: str
    gone: int

    @property
    def is_nobody(self) -> bool:
        return self.number == 0

    @property
    def is_few(self) -> bool:
        return 0 < self.number < FEW

    @property
    def is_everybody(self) -> bool:
        return self.number == self.of > 0


@dataclass(frozen=True)
class Impact:
    """What saving would change at once. `tasks` is the most that joiners would be asked to do."""

    joined: int
    left: int
    uses: Sequence[tuple[str, int]]
    tasks: int


def with_rule(audience: Audience, rule: Rule) -> Audience:
    """The audience as it would be."""
    return Audience(pk=audience.pk, name=audience.name, rule=rule.as_data(), is_everyone=audience.is_everyone)


def reach_of(audience: Audience, reader: User, *, on: date, search: str = "", after: str = "") -> Reach:
    hit = matching(audience, on)
    shown = seen_by(hit, reader, on=on).order_by("name", "pk")
    if search:
        shown = shown.filter(Q(name__icontains=search) | Q(email__icontains=search) | Q(job_title__icontains=search))
    name, _, last = after.rpartition("~")
    if last.isdecimal() and len(last) < 19:
        shown = shown.filter(Q(name__gt=name) | Q(name=name, pk__gt=int(last)))
    people = list(shown[: NAMES_AT_ONCE + 1])
    page = people[:NAMES_AT_ONCE]
    departments = department_names([each.pk for each in page], on)
    return Reach(
        number=hit.count(),
        of=User.objects.active().count(),
        names=[Name(each, departments.get(each.pk, "")) for each in page],
        after=f"{page[-1].name}~{page[-1].pk}" if len(people) > NAMES_AT_ONCE else "",
        gone=_gone(audience.parsed.department_ids),
    )


def _gone(department_ids: Collection[int]) -> int:
    """How many departments that the rule names do not exist any more, or are closed."""
    open_ones = Department.objects.filter(pk__in=department_ids, closed_on=None)
    return len(department_ids) - open_ones.count() if department_ids else 0


def impact_of(audience: Audience, rule: Rule, reader: User, *, on: date) -> Impact:
    hit = matching(with_rule(audience, rule), on)
    members = audience.people.values("pk")
    joined = hit.exclude(pk__in=members).count()
    left = User.objects.filter(pk__in=members).exclude(pk__in=hit.values("pk")).count()
    uses = audience_uses([audience.pk], None, reader)
    return Impact(joined, left, by_label(uses), joined * sum(1 for use in uses if use.asks))


def by_label(uses: Sequence[AudienceUse]) -> list[tuple[str, int]]:
    counted: dict[str, int] = {}
    for use in uses:
        counted[str(use.label)] = counted.get(str(use.label), 0) + 1
    return list(counted.items())
