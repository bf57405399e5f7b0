from datetime import datetime
from secrets import choice

from django.db import transaction
from django.utils.translation import gettext as _

from coe_portal.audit.actions import record
from coe_portal.core.versions import bump
from coe_portal.people.models import User
from policies.actions.publishing import seal
from policies.actions.refusals import Refused
from policies.models import Acknowledgement, State, Version

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is easily taken for another


def consent_to(title: str, number: str) -> str:
    return _("I have read “{title}”, version {number}. I understand it and I will follow it.").format(
        title=title, number=number
    )


def new_reference() -> str:
    letters = "".join(choice(LETTERS) for _place in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


@transaction.atomic
def acknowledge(
    *, by: User, version: Version, address: str, user_agent: str, at: datetime
) -> tuple[Acknowledgement, bool]:
    """The receipt, and whether it is new: signing twice gives the first one again."""
    if existing := Acknowledgement.objects.filter(person=by, version=version).first():
        return existing, False
    if version.state != State.PUBLISHED:
        raise Refused(_("A newer version has been published since you opened this page. Please read that one."))
    acknowledgement, created = Acknowledgement.objects.get_or_create(
        person=by,
        version=version,
        defaults={
            "at": at,
            "address": address or None,
            "user_agent": user_agent.replace("\x00", "")[:300],
            "consent": consent_to(version.title, version.number),
            "sha256": seal(version),
            "reference": new_reference(),
        },
    )
    if created:
        record(by=by, verb="policies.acknowledge", on=acknowledgement, details={"version": version.pk})
        bump(f"person:{by.pk}")
    return acknowledgement, created
