"""Identity providers are added, changed, tested, put on the sign-in page and taken off it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from coe_portal.audit import actions as audit
from coe_portal.core import crypto
from coe_portal.identity.actions import key_pairs
from coe_portal.identity.models import IdentityProvider, MappingRule, ProviderTest
from coe_portal.identity.queries.providers import is_in_use
from coe_portal.people.models import User

# A test that shows who the provider says somebody is: kept as long as it is of use.
KEEP_TESTS = 5


@transaction.atomic
def save_provider(*, by: User, provider: IdentityProvider, secret: str = "") -> IdentityProvider:
    """A changed provider has to be tested again; one on the page stays there. One in need of a key pair gets it."""
    verb = "provider.changed" if provider.pk else "provider.added"
    if secret:
        provider.secret = crypto.encrypt(secret)
    provider.tested_at = None
    provider.save()
    audit.record(by=by, verb=verb, on=provider, details={"key": provider.key, "new_secret": bool(secret)})
    if (provider.signs_requests or provider.wants_encryption) and not provider.key_pairs.exists():
        key_pairs.make(by=by, provider=provider, at=timezone.now())
    return provider


@transaction.atomic
def record_test(
    *,
    by: User,
    provider: IdentityProvider,
    subject: str = "",
    attributes: Mapping[str, Any] | None = None,
    problem: str = "",
) -> ProviderTest:
    test = ProviderTest.objects.create(
        by=by, provider=provider, subject=subject[:300], attributes=dict(attributes or {}), problem=problem[:500]
    )
    kept = list(provider.tests.values_list("pk", flat=True)[:KEEP_TESTS])
    provider.tests.exclude(pk__in=kept).delete()
    if not problem:
        IdentityProvider.objects.filter(pk=provider.pk).update(tested_at=timezone.now())
    audit.record(by=by, verb="provider.tested", on=provider, details={"worked": not problem})
    return test


@transaction.atomic
def enable(*, by: User, provider: IdentityProvider, untested: bool = False) -> None:
    """`untested` is an administrator's word that it may go on the page without a round trip that worked."""
    provider.enabled = True
    provider.save(update_fields=["enabled"])
    audit.record(by=by, verb="provider.enabled", on=provider, details={"key": provider.key, "untested": untested})


@transaction.atomic
def disable(*, by: User, provider: IdentityProvider) -> None:
    provider.enabled = False
    provider.save(update_fields=["enabled"])
    audit.record(by=by, verb="provider.disabled", on=provider, details={"key": provider.key})


class InUse(Exception):
    """It is on the sign-in page, or somebody has come in by it."""


@transaction.atomic
def remove(*, by: User, provider: IdentityProvider) -> None:
    """One that was never used, with its rules, tests and keys. Who has come in by one is who they are through it."""
    same = IdentityProvider.objects.select_for_update().get(pk=provider.pk)
    if is_in_use(same):
        raise InUse
    audit.record(by=by, verb="provider.removed", on=same, details={"key": same.key})
    same.delete()


@transaction.atomic
def add_rule(*, by: User, rule: MappingRule) -> MappingRule:
    rule.save()
    _record_rule(by, "provider.rule_added", rule)
    return rule


@transaction.atomic
def remove_rule(*, by: User, rule: MappingRule) -> None:
    """What it gave is taken at the next sign-in of whoever has it."""
    _record_rule(by, "provider.rule_removed", rule)
    rule.delete()


def _record_rule(by: User, verb: str, rule: MappingRule) -> None:
    details = {
        "attribute": rule.attribute, "value": rule.value, "role": rule.role,
        "branch": rule.branch_id, "department": rule.department_id,
    }  # fmt: skip
    audit.record(by=by, verb=verb, on=rule.provider, details=details)
