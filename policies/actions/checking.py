from collections.abc import Mapping

from django.db import transaction

from coe_portal.audit.actions import record
from coe_portal.people.models import User
from policies.models import GuardRule, Policy


@transaction.atomic
def set_rules(*, by: User, chosen: Mapping[str, tuple[int, str]]) -> None:
    """Which clause each kind of finding points to; a kind that is missing points to none."""
    GuardRule.objects.all().delete()
    GuardRule.objects.bulk_create(
        GuardRule(kind=kind, policy_id=policy_id, anchor=anchor) for kind, (policy_id, anchor) in chosen.items()
    )
    policies = Policy.objects.filter(pk__in={policy_id for policy_id, _anchor in chosen.values()})
    for policy in policies:
        kinds = sorted(kind for kind, (policy_id, _anchor) in chosen.items() if policy_id == policy.pk)
        record(by=by, verb="policies.set_rules", on=policy, details={"kinds": kinds})
