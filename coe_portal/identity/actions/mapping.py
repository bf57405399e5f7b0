"""At each sign-in a provider's rules give and take, and take only what they gave."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from django.db import transaction

from coe_portal.identity.models import Given, IdentityProvider
from coe_portal.identity.queries.mapping import Gift
from coe_portal.people.actions import RoleRefused, end_role, grant_role, join_department, leave_department
from coe_portal.people.models import Membership, RoleGrant, User


@transaction.atomic
def apply_mapping(*, provider: IdentityProvider, person: User, wanted: Iterable[Gift], on: date) -> None:
    """Two sign-ins at once wait for each other. Each role and department that comes or goes is told and audited."""
    User.objects.select_for_update().filter(pk=person.pk).first()
    missing = list(wanted)
    held = Given.objects.filter(provider=provider, person=person).select_related(
        "grant__branch", "grant__person", "membership__department", "membership__person"
    )
    for given in held:
        if _is_over(given, on):
            continue
        gift = _gift_of(given)
        if gift in missing:
            missing.remove(gift)
        else:
            _take(given, on)
    for gift in missing:
        _give(provider, person, gift, on)


def _gift_of(given: Given) -> Gift:
    if given.grant:
        return Gift(role=given.grant.role, branch=given.grant.branch)
    assert given.membership  # noqa: S101 - a constraint of the table
    return Gift(department=given.membership.department)


def _is_over(given: Given, on: date) -> bool:
    dated = given.grant or given.membership
    return dated is None or (dated.ends is not None and dated.ends <= on)


def _take(given: Given, on: date) -> None:
    if given.grant:
        with suppress(RoleRefused):  # the last administrator stays until there is another
            end_role(by=None, grant=given.grant, on=on)
    elif given.membership:
        leave_department(by=None, membership=given.membership, on=on)


def _give(provider: IdentityProvider, person: User, gift: Gift, on: date) -> None:
    """What somebody has anyway, by hand or from the directory, is not the mapping's to give or to take."""
    if gift.department:
        same = Membership.objects.filter(person=person, department=gift.department)
        if not same.exclude(ends__isnull=False, ends__lte=on).exists():
            joined = join_department(by=None, person=person, department=gift.department, starts=on)
            Given.objects.create(provider=provider, person=person, membership=joined)
    elif not RoleGrant.objects.open_on(on).filter(person=person, role=gift.role, branch=gift.branch).exists():
        granted = grant_role(by=None, person=person, role=gift.role, branch=gift.branch, starts=on)
        Given.objects.create(provider=provider, person=person, grant=granted)
