from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction

from coe_portal.audit.actions import record
from coe_portal.people.models import User
from policies.models import GuardRule, Policy


@transaction.atomic
def set_rules(*, by: User, chosen: Mapping[str, tuple[int, str]]) -> None:
    """Which clause each kind of finding points to; a kind that is missing points to none.

    Every policy that a kind points to now, points to elsewhere, or no longer points to has an entry.
    """
    before = _kinds_by_policy(GuardRule.objects.values_list("kind", "policy_id", "anchor"))
    GuardRule.objects.all().delete()
    GuardRule.objects.bulk_create(
        GuardRule(kind=kind, policy_id=policy_id, anchor=anchor) for kind, (policy_id, anchor) in chosen.items()
    )
    after = _kinds_by_policy((kind, policy_id, anchor) for kind, (policy_id, anchor) in chosen.items())
    changed = [policy_id for policy_id in before.keys() | after.keys() if before[policy_id] != after[policy_id]]
    for policy in Policy.objects.filter(pk__in=changed).order_by("pk"):
        details = {"kinds": sorted(after[policy.pk]), "before": sorted(before[policy.pk])}
        record(by=by, verb="policies.set_rules", on=policy, details=details)


def _kinds_by_policy(rules: Iterable[tuple[str, int, str]]) -> defaultdict[int, dict[str, str]]:
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for kind, policy_id, anchor in rules:
        found[policy_id][str(kind)] = anchor
    return found
