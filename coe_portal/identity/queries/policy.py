"""The rules for signing in, as every request asks for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db.models import Min
from django.utils import timezone

from coe_portal.core.read_ahead import personal
from coe_portal.identity.models import EVERYBODY, SignInPolicy
from coe_portal.people.models import RoleGrant, User

KEY = "identity:policy"
KEEP_SECONDS = 300
# Where no rule is stored the days count from the role and the account alone.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]

personal(KEY)


@dataclass(frozen=True)
class Limits:
    idle: timedelta
    absolute: timedelta
    browsers: int


@dataclass(frozen=True)
class Rules:
    second_factor_roles: frozenset[str]
    grace_days: int
    required_since: datetime
    session_limits: Mapping[str, tuple[int, int, int]]
    sso_only: bool

    @property
    def version(self) -> str:
        return f"{self.required_since.timestamp()}:{self.grace_days}:{'+'.join(sorted(self.second_factor_roles))}"

    def limits_of(self, person: User) -> Limits:
        """The least of those that the person's roles have; without any, everybody's."""
        found = [limits for role, limits in self.session_limits.items() if role and person.access.has(role)]
        idle, absolute, browsers = zip(*(found or [self.session_limits[EVERYBODY]]), strict=True)
        return Limits(timedelta(minutes=min(idle)), timedelta(hours=min(absolute)), min(browsers))

    def asks_second_factor_of(self, person: User) -> bool:
        return person.access.has(*self.second_factor_roles)


def rules() -> Rules:
    known: Rules | None = cache.get(KEY)
    if known is None:
        known = _rules(stored_policy())
        cache.set(KEY, known, KEEP_SECONDS)
    return known


def stored_policy() -> SignInPolicy:
    """The one row; without it the defaults hold."""
    return SignInPolicy.objects.filter(pk=1).first() or SignInPolicy()


def _rules(policy: SignInPolicy) -> Rules:
    return Rules(
        second_factor_roles=frozenset(policy.second_factor_roles),
        grace_days=policy.grace_days,
        required_since=policy.required_since if policy.pk else LONG_AGO,
        session_limits={role: tuple(figures) for role, figures in policy.session_limits.items()},
        sso_only=policy.sso_only,
    )


def has_second_factor(person: User) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS).exists())


def second_factor_due(person: User, policy: Rules) -> datetime:
    """Until when somebody with such a role may go without: days from the rule, the role or the account, the latest."""
    roles = RoleGrant.objects.on(timezone.localdate()).filter(person=person, role__in=policy.second_factor_roles)
    first = roles.aggregate(first=Min("starts"))["first"] or timezone.localdate()
    begins = datetime.combine(first, time.min, timezone.get_current_timezone())
    return max(begins, policy.required_since, person.joined_at) + timedelta(days=policy.grace_days)


def people_without_second_factor(roles: Collection[str]) -> int:
    """How many active people with one of these roles have no app and no key yet."""
    asked = User.objects.active().with_role(*roles, on=timezone.localdate())
    return int(asked.exclude(pk__in=Authenticator.objects.filter(type__in=SECOND_FACTORS).values("user_id")).count())
