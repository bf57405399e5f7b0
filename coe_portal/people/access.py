"""What one person may do on one day, worked out once and kept with the person."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Department coordinator")
    STRATEGIST = "strategist", _("Strategist")
    EXECUTIVE = "executive", _("Executive")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    ADMINISTRATOR = "administrator", _("Administrator")


@dataclass(frozen=True)
class Access:
    """`branches` holds, per role, the departments it reaches, or None where it reaches the whole organisation."""

    branches: Mapping[str, frozenset[int] | None]
    department_ids: frozenset[int]
    audience_ids: frozenset[int]

    def has(self, *roles: str) -> bool:
        return any(role in self.branches for role in roles)

    def reaches(self, role: str, department_id: int | None) -> bool:
        if role not in self.branches:
            return False
        branch = self.branches[role]
        return branch is None or department_id in branch

    @property
    def key(self) -> str:
        """The same for everybody who sees the same navigation."""
        return "+".join(sorted(self.branches)) or "employee"
