"""What one person may do on one day, worked out once and kept with the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Department coordinator")
    STRATEGIST = "strategist", _("Strategist")
    EXECUTIVE = "executive", _("Executive")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    ADMINISTRATOR = "administrator", _("Administrator")


# What they do has no borders: a branch beside such a role would be a promise that nothing keeps.
OF_THE_WHOLE = frozenset({Role.PRIVACY_OFFICER, Role.ADMINISTRATOR})

# The departments that roles reach; None is the whole organisation.
Reach = frozenset[int] | None
Rows = TypeVar("Rows", bound="models.QuerySet[models.Model]")


def within(rows: Rows, reach: Reach, department: str = "department") -> Rows:
    """Those of the departments. What belongs to no department is the whole organisation's."""
    return rows if reach is None else rows.filter(**{f"{department}__in": reach})


def today() -> date:
    """The organisation's day, wherever the reader is: roles and audiences begin and end with it for all alike."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


@dataclass(frozen=True)
class Access:
    """`branches` holds, per role, the departments it reaches, or None where it reaches the whole organisation.

    `joined_on` holds, per audience, the first day the person was in it.
    """

    branches: Mapping[str, frozenset[int] | None]
    department_ids: frozenset[int]
    audience_ids: frozenset[int]
    joined_on: Mapping[int, date] = field(default_factory=dict)

    def has(self, *roles: str) -> bool:
        return any(role in self.branches for role in roles)

    def reaches(self, role: str, department_id: int | None) -> bool:
        if role not in self.branches:
            return False
        branch = self.branches[role]
        return branch is None or department_id in branch

    def reach(self, *roles: str) -> Reach:
        """The departments that these roles reach together."""
        held = [self.branches[role] for role in roles if role in self.branches]
        found = [branch for branch in held if branch is not None]
        return frozenset().union(*found) if len(found) == len(held) else None

    @property
    def key(self) -> str:
        """The same for everybody who sees the same navigation."""
        return "+".join(sorted(self.branches)) or "employee"
