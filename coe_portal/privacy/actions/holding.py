"""Place and release legal holds."""

from datetime import date, datetime

from django.db import transaction

from coe_portal.audit import actions as audit
from coe_portal.people.models import User
from coe_portal.privacy.models import LegalHold


class Held(Exception):
    """What was asked for is under a legal hold."""


@transaction.atomic
def place(
    *,
    by: User,
    reason: str,
    at: datetime,
    person: User | None = None,
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    ends_on: date | None = None,
) -> LegalHold:
    hold = LegalHold.objects.create(
        person=person, kind=kind, since=since, until=until, reason=reason, ends_on=ends_on, placed_by=by, placed_at=at
    )
    audit.record(by=by, verb="hold.placed", on=hold, details={"person": person.pk if person else None, "kind": kind})
    return hold


@transaction.atomic
def release(*, by: User, hold: LegalHold, at: datetime) -> None:
    if LegalHold.objects.filter(pk=hold.pk, released_at__isnull=True).update(released_at=at, released_by=by):
        audit.record(by=by, verb="hold.released", on=hold)
