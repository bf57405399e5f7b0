"""What a session remembers about itself: when it began, when it was last used, whether a second step was proven."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from coe_portal.core import crypto
from coe_portal.core.http import SIGNED_IN_AT
from coe_portal.identity.queries.policy import Limits, Rules, has_second_factor, second_factor_due
from coe_portal.people.models import User

SEEN_AT = "seen_at"
SECOND_FACTOR = "second_factor"
# Set by a sign-in through a provider that says it asked for a second step itself.
SECOND_FACTOR_BY_PROVIDER = "second_factor_by_provider"
PROVIDER = "signed_in_through"
NEVER_LATER_THAN = timedelta(minutes=5)
WARN_BEFORE = timedelta(minutes=2)


def begin(request: HttpRequest, now: datetime) -> None:
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now.timestamp()


def left(request: HttpRequest, limits: Limits, now: datetime) -> timedelta:
    """How long the session still holds if nobody clicks."""
    if SIGNED_IN_AT not in request.session:
        begin(request, now)
    began = datetime.fromtimestamp(request.session[SIGNED_IN_AT], UTC)
    seen = datetime.fromtimestamp(request.session.get(SEEN_AT, began.timestamp()), UTC)
    return min(began + limits.absolute, seen + limits.idle) - now


def touch(request: HttpRequest, limits: Limits, now: datetime, *, at_once: bool = False) -> None:
    """Note that somebody is there: not with every page, but often enough that a tenth of the limit is not lost."""
    every = timedelta(0) if at_once else min(limits.idle / 10, NEVER_LATER_THAN)
    seen = datetime.fromtimestamp(request.session.get(SEEN_AT, 0), UTC)
    if now - seen < every:
        return
    request.session[SEEN_AT] = now.timestamp()
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)


@dataclass(frozen=True)
class Missing:
    """A second step that somebody's role asks for and they have not set up."""

    due: datetime
    overdue: bool


def missing_second_factor(request: HttpRequest, person: User, policy: Rules, now: datetime) -> Missing | None:
    """Worked out once a session and role; asked again with every page only once it is overdue."""
    if not policy.asks_second_factor_of(person):
        return None
    if request.session.get(SECOND_FACTOR_BY_PROVIDER):
        return None
    key = f"{policy.version}:{person.access.key}"
    known = request.session.get(SECOND_FACTOR)
    if not known or known[0] != key or (known[1] is not None and known[1] <= now.timestamp()):
        due = None if has_second_factor(person) else second_factor_due(person, policy).timestamp()
        if not known or known != [key, due]:
            known = request.session[SECOND_FACTOR] = [key, due]
    if known[1] is None:
        return None
    due_at = datetime.fromtimestamp(known[1], UTC)
    return Missing(due_at, due_at <= now)


def typed_key(person: User) -> str:
    """What a browser encrypts half-written forms with while somebody signs in again; nobody else is ever given it."""
    return crypto.sign(f"typed {person.pk}")


def forget_second_factor(request: HttpRequest) -> None:
    request.session.pop(SECOND_FACTOR, None)
