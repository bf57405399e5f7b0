"""The model that the register of accounts shows, with what speaks for it and how sure one can be.

Rules of thumb, in the order in which they are asked; each figure they rest on is shown beside the result.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from coe_portal.channels.models import STALE_AFTER, Channel, Publisher
from coe_portal.people.access import Role
from coe_portal.people.models import Department, RoleGrant
from metrics.standing.owyang import BY_KEY, Model

HALF = 0.5
NEARLY_ALL = 0.8
HUB_PUBLISHERS = 2


@dataclass(frozen=True)
class Account:
    """One account in use, as far as the rules ask: which division owns it, who publishes, and how fresh the row is."""

    division: str
    department: int
    publishers: frozenset[int]
    is_fresh: bool


@dataclass(frozen=True)
class Register:
    accounts: tuple[Account, ...]
    divisions: int
    departments: int
    coordinated: frozenset[str]

    @property
    def spread(self) -> float:
        """The share of all departments, down to the smallest, that publish with a channel of their own."""
        return len({each.department for each in self.accounts if each.publishers}) / self.departments

    @property
    def largest(self) -> tuple[str, float]:
        """The division that owns most accounts, and its share of them."""
        name, number = Counter(each.division for each in self.accounts).most_common(1)[0]
        return name, number / len(self.accounts)

    @property
    def published(self) -> float:
        return sum(1 for each in self.accounts if each.publishers) / len(self.accounts)

    @property
    def owning(self) -> frozenset[str]:
        return frozenset(each.division for each in self.accounts)

    @property
    def hubs(self) -> frozenset[str]:
        """Divisions with a coordinator and at least two people who publish: one can step in for the other."""
        publishers: dict[str, set[int]] = {}
        for each in self.accounts:
            publishers.setdefault(each.division, set()).update(each.publishers)
        return frozenset(
            name for name, people in publishers.items() if len(people) >= HUB_PUBLISHERS and name in self.coordinated
        )

    @property
    def fresh(self) -> float:
        return sum(1 for each in self.accounts if each.is_fresh and each.publishers) / len(self.accounts)


@dataclass(frozen=True)
class Observed:
    """`confidence` is the share of accounts whose record is complete and validated within half a year."""

    model: Model
    confidence: float
    evidence: list[str]

    @property
    def leading(self) -> str:
        return self.model.key


def observed(on: date) -> Observed | None:
    """None while the register holds no account of ours in use."""
    register = read_register(on)
    return judge(register) if register.accounts else None


def judge(register: Register) -> Observed:
    return Observed(BY_KEY[_model(register)], register.fresh, _evidence(register))


def _model(register: Register) -> str:
    if register.published < HALF:
        return "decentralised"
    if register.largest[1] >= HALF:
        return "centralised"
    if register.spread >= NEARLY_ALL:
        return "honeycomb"
    return "dandelion" if len(register.hubs) >= HALF * len(register.owning) else "hub-and-spoke"


def _evidence(register: Register) -> list[str]:
    name, share = register.largest
    return [
        _("Channels in use: %(count)d, owned by %(owning)d of %(all)d divisions.")
        % {"count": len(register.accounts), "owning": len(register.owning), "all": register.divisions},
        _("The largest owner, %(name)s, has %(share).0f %% of them.") % {"name": name, "share": share * 100},
        _("%(share).0f %% have somebody in the register who publishes.") % {"share": register.published * 100},
        _("Divisions with a coordinator and at least two people who publish, which can be called hubs: %(hubs)d.")
        % {"hubs": len(register.hubs)},
        _("%(share).0f %% of all departments publish with a channel of their own.") % {"share": register.spread * 100},
        _("%(share).0f %% of the records are complete and were validated within half a year.")
        % {"share": register.fresh * 100},
    ]


def read_register(on: date) -> Register:
    departments = {each.pk: each for each in Department.objects.all()}
    publishers: dict[int, set[int]] = {}
    for channel_id, person_id in Publisher.objects.current().values_list("channel_id", "person_id"):
        publishers.setdefault(channel_id, set()).add(person_id)
    rows = Channel.objects.own().in_use().values_list("pk", "department_id", "validated_on")
    coordinated = RoleGrant.objects.on(on).filter(role=Role.COORDINATOR).values_list("branch_id", flat=True)
    return Register(
        accounts=tuple(
            Account(
                _division(department_id, departments),
                department_id,
                frozenset(publishers.get(pk, ())),
                validated_on is not None and validated_on >= on - STALE_AFTER,
            )
            for pk, department_id, validated_on in rows
        ),
        divisions=_number_of_divisions(departments.values()),
        departments=len(departments),
        coordinated=frozenset(_division(pk, departments) for pk in coordinated if pk),
    )


def _division(department_id: int, departments: Mapping[int, Department]) -> str:
    """The department directly below the root, under which this one stands."""
    current = departments[department_id]
    while current.parent_id and departments[current.parent_id].parent_id:
        current = departments[current.parent_id]
    return str(current.name)


def _number_of_divisions(departments: Iterable[Department]) -> int:
    every = list(departments)
    roots = {each.pk for each in every if each.parent_id is None}
    return sum(1 for each in every if each.parent_id in roots) or len(roots)
