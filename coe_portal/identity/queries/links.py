"""Whom an identity provider vouches for."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.traits import Traits
from coe_portal.people.models import User


class Unknown(Exception):
    """Nobody here is the one whom the provider vouches for."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def person_for(provider: IdentityProvider, traits: Traits) -> User | None:
    """Whom a subject that we meet for the first time belongs to; None where they may be created.

    The directory's employee number counts before the address, and an address only of a provider that is trusted
    with it. Somebody whom the provider already knows by another subject is never taken for that one.
    Raises Unknown where nobody may be.
    """
    known = _by_number(traits) or _by_email(provider, traits)
    if known is not None:
        if SocialAccount.objects.filter(user=known, provider=provider.key).exists():
            raise Unknown("another_subject")
        return known
    if not provider.creates_people:
        raise Unknown("unknown_person")
    if not traits.email or not traits.name:
        raise Unknown("no_email_or_name")
    if traits.email_denied or User.objects.filter(email=traits.email).exists():
        raise Unknown("address_in_use")
    return None


def _by_number(traits: Traits) -> User | None:
    return User.objects.filter(employee_number=traits.number).first() if traits.number else None


def _by_email(provider: IdentityProvider, traits: Traits) -> User | None:
    if not provider.trusts_email or not traits.email or traits.email_denied:
        return None
    found: User | None = User.objects.filter(email=traits.email).first()
    return found


def signs_in_through_provider_alone(person: User) -> bool:
    """Without a password, key or app of ours, only the provider can say whether it is still them."""
    if person.has_usable_password() or Authenticator.objects.filter(user=person).exists():
        return False
    return bool(SocialAccount.objects.filter(user=person).exists())


def providers_of(person: User) -> list[IdentityProvider]:
    keys = SocialAccount.objects.filter(user=person).values("provider")
    return list(IdentityProvider.objects.enabled().filter(key__in=keys))
