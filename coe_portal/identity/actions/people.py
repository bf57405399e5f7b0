"""What an administrator does for a person: ends sessions, resets a lost second step."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from coe_portal.audit import actions as audit
from coe_portal.people import actions as people
from coe_portal.people.models import User


@transaction.atomic
def end_all_sessions(*, by: User, person: User) -> None:
    audit.record(by=by, verb="sessions.ended", on=person)
    people.end_sessions(person)


@transaction.atomic
def end_session(*, by: User, session: UserSession) -> None:
    person = session.user
    transaction.on_commit(session.end)
    audit.record(by=by, verb="session.ended", on=person)


@transaction.atomic
def reset_factors(*, by: User, person: User, reason: str) -> None:
    """For a lost phone or key: everything is taken off, the sessions end, and the person sets up anew."""
    removed = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    Authenticator.objects.filter(user=person).delete()
    audit.record(by=by, verb="factor.reset", on=person, details={"types": removed, "reason": reason})
    people.end_sessions(person)
