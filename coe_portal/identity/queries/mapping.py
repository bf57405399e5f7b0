"""What a provider's rules give somebody who comes with these attributes."""

from collections.abc import Mapping
from dataclasses import dataclass

from coe_portal.identity.models import IdentityProvider, MappingRule
from coe_portal.people.access import Role
from coe_portal.people.models import Department


@dataclass(frozen=True)
class Gift:
    """A role (in a branch, or everywhere) or a department."""

    role: str = ""
    branch: Department | None = None
    department: Department | None = None

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label) if self.role else ""


def rules_of(provider: IdentityProvider) -> list[MappingRule]:
    return list(provider.rules.select_related("department", "branch"))


def gifts(rules: list[MappingRule], attributes: Mapping[str, list[str]]) -> list[Gift]:
    """Each once, however many rules give it. Values are compared whole and exactly."""
    found: dict[Gift, None] = {}
    for rule in rules:
        if rule.value in attributes.get(rule.attribute, []):
            if rule.role:
                found[Gift(role=rule.role, branch=rule.branch)] = None
            if rule.department and rule.department.closed_on is None:
                found[Gift(department=rule.department)] = None
    return list(found)
