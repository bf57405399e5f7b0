"""Which clause each finding of the guard is about."""

from collections.abc import Collection
from dataclasses import dataclass

from coe_portal.people.models import User
from policies.models import Clause, GuardRule, Policy


@dataclass(frozen=True)
class ClauseLink:
    title: str
    policy: str
    number: int
    url: str


def clauses_for(person: User, kinds: Collection[str]) -> dict[str, ClauseLink]:
    """Only clauses in force in a policy that this person may read."""
    rules = GuardRule.objects.filter(kind__in=kinds, policy__in=Policy.objects.visible_to(person)).select_related(
        "policy"
    )
    wanted = {(rule.policy_id, rule.anchor): rule for rule in rules}
    clauses = Clause.objects.in_force().filter(
        version__policy_id__in={policy_id for policy_id, _anchor in wanted},
        anchor__in={anchor for _policy_id, anchor in wanted},
    )
    found = {(each.version.policy_id, each.anchor): each for each in clauses.select_related("version")}
    return {
        rule.kind: _link(rule, found[rule.policy_id, rule.anchor])
        for rule in rules
        if (rule.policy_id, rule.anchor) in found
    }


def _link(rule: GuardRule, clause: Clause) -> ClauseLink:
    url = f"{rule.policy.get_absolute_url()}#{clause.anchor}"
    return ClauseLink(clause.title, clause.version.title, clause.number, url)


def chosen_clauses() -> dict[str, str]:
    """Per kind "policy id#anchor"."""
    return {rule.kind: f"{rule.policy_id}#{rule.anchor}" for rule in GuardRule.objects.all()}


def clause_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every clause in force, grouped by policy, as choices of a form."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for clause in Clause.objects.in_force().select_related("version").order_by("version__title", "number"):
        groups.setdefault(clause.version.title, []).append((f"{clause.version.policy_id}#{clause.anchor}", str(clause)))
    return list(groups.items())
