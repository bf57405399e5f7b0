"""Where somebody is signed in, and how."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from coe_portal.identity.models import IdentityProvider
from coe_portal.people.access import Role
from coe_portal.people.models import User


def open_sessions(person: User, at: datetime) -> list[UserSession]:
    """The last seen first; two queries, however many there are."""
    found = list(UserSession.objects.filter(user=person).order_by("-last_seen_at", "-pk"))
    keys = [each.session_key for each in found]
    alive = set(Session.objects.filter(session_key__in=keys, expire_date__gt=at).values_list("session_key", flat=True))
    return [each for each in found if each.session_key in alive]


# How long a browser that made room for another one can be told so.
NOTE_SECONDS = 24 * 3600


def note_of(session_key: str) -> str:
    return f"identity:made_room:{sha256(session_key.encode()).hexdigest()}"


def made_room(request: HttpRequest) -> bool:
    """Whether the session that this browser still names was ended because its owner came in elsewhere."""
    named = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return bool(named and cache.get(note_of(named)))


# As the browser says when a passkey is made: it can be found without a name, so no password comes before it.
ALONE = "data__credential__clientExtensionResults__credProps__rk"


@dataclass(frozen=True)
class Linked:
    account: SocialAccount
    provider_name: str


def linked_accounts(person: User) -> list[Linked]:
    names = dict(IdentityProvider.objects.values_list("key", "name"))
    found = SocialAccount.objects.filter(user=person).order_by("pk")
    return [Linked(each, names.get(each.provider, each.provider)) for each in found]


def factor_counts(person: User) -> dict[str, int]:
    types = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return {kind: types.count(kind) for kind in Authenticator.Type.values}


def administrators_with_passkey() -> int:
    """Who gets in when no provider answers. A key that needs a password beside it is none then."""
    keys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, **{ALONE: True})
    people = User.objects.active().with_role(Role.ADMINISTRATOR, on=timezone.localdate())
    return int(people.filter(pk__in=keys.values("user_id")).count())
