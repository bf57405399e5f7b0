"""What the shared pages show, put in order; the apps have worked it out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Obligation, Text, open_obligations
from coe_portal.people.models import User

SOON = timedelta(days=7)


@dataclass(frozen=True)
class DueGroup:
    key: str
    label: Text
    tone: str
    obligations: Sequence[Obligation]


@dataclass(frozen=True)
class Security:
    """How a person signs in."""

    has_totp: bool
    passkeys: int
    recovery_codes: bool
    has_password: bool
    sessions: int


def is_overdue(obligation: Obligation, today: date) -> bool:
    return obligation.due is not None and obligation.due < today


def due_groups(obligations: Iterable[Obligation], today: date) -> list[DueGroup]:
    """Past due, due within a week, later, without a date; an empty group is left out."""
    sorted_in: dict[str, list[Obligation]] = defaultdict(list)
    for each in obligations:
        sorted_in[_group_of(each, today)].append(each)
    labels = {
        "overdue": (_("Past due"), "bad"),
        "soon": (_("Due this week"), "accent"),
        "later": (_("Later"), "neutral"),
        "undated": (_("No date"), "neutral"),
    }
    return [DueGroup(key, label, tone, sorted_in[key]) for key, (label, tone) in labels.items() if sorted_in[key]]


def _group_of(obligation: Obligation, today: date) -> str:
    if obligation.due is None:
        return "undated"
    if obligation.due < today:
        return "overdue"
    return "soon" if obligation.due <= today + SOON else "later"


def security_of(person: User) -> Security:
    kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return Security(
        has_totp=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        recovery_codes=Authenticator.Type.RECOVERY_CODES in kinds,
        has_password=person.has_usable_password(),
        sessions=UserSession.objects.filter(user=person).count(),
    )


def obligations_by_person(person_ids: Collection[int], on: date) -> dict[int, list[Obligation]]:
    """Only those who owe something, each with what they owe, in one go over all apps."""
    found: dict[int, list[Obligation]] = defaultdict(list)
    for each in open_obligations(person_ids, on):
        found[each.person_id].append(each)
    return dict(found)
