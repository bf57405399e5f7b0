"""The rules for signing in, changed."""

from collections.abc import Collection, Mapping

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from coe_portal.audit import actions as audit
from coe_portal.identity.models import SignInPolicy
from coe_portal.identity.queries.policy import KEY, stored_policy
from coe_portal.people.models import User


@transaction.atomic
def change_second_factor(*, by: User, roles: Collection[str], grace_days: int) -> None:
    """Whoever is newly asked has all their days from now; the others keep the day they were told."""
    policy = _locked()
    widened = bool(set(roles) - set(policy.second_factor_roles)) or policy.pk is None
    policy.second_factor_roles, policy.grace_days = sorted(roles), grace_days
    if widened:
        policy.required_since = timezone.now()
    _save(policy, by, "sign_in.second_factor_changed", {"roles": policy.second_factor_roles, "days": grace_days})


@transaction.atomic
def change_limits(*, by: User, limits: Mapping[str, tuple[int, ...]]) -> None:
    policy = _locked()
    policy.session_limits = {role: list(figures) for role, figures in limits.items()}
    _save(policy, by, "sign_in.limits_changed", {"limits": policy.session_limits})


@transaction.atomic
def change_ways_in(*, by: User, sso_only: bool) -> None:
    policy = _locked()
    policy.sso_only = sso_only
    _save(policy, by, "sign_in.sso_only_on" if sso_only else "sign_in.sso_only_off", {})


def _locked() -> SignInPolicy:
    return SignInPolicy.objects.select_for_update().filter(pk=1).first() or stored_policy()


def _save(policy: SignInPolicy, by: User, verb: str, details: Mapping[str, object]) -> None:
    policy.pk = 1
    policy.save()
    audit.record(by=by, verb=verb, on=policy, details=details)
    transaction.on_commit(lambda: cache.delete(KEY), robust=True)
