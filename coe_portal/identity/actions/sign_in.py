"""What is written when somebody comes in through a provider, or is not let in."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils import timezone

from coe_portal.audit import actions as audit
from coe_portal.identity.models import IdentityProvider, SeenAssertion
from coe_portal.identity.traits import Traits
from coe_portal.people.actions import add_person
from coe_portal.people.models import User

KEEP_ASSERTION = timedelta(hours=1)


def use_assertion(*, provider: IdentityProvider, assertion_id: str, until: int | None) -> bool:
    """Once: the second time the same assertion comes, the answer is no."""
    over = datetime.fromtimestamp(until, UTC) if until else timezone.now()
    digest = sha256(assertion_id.encode()).hexdigest()
    try:
        with transaction.atomic():
            SeenAssertion.objects.create(provider=provider, digest=digest, expires_at=over + KEEP_ASSERTION)
    except IntegrityError:
        return False
    return bool(assertion_id)


@transaction.atomic
def link(*, provider: IdentityProvider, person: User, account: SocialAccount) -> SocialAccount:
    """From now on this subject of this provider is this person, whatever either is called later."""
    account.user = person
    account.save()
    audit.record(by=person, verb="identity.linked", on=person, details={"provider": provider.key})
    return account


@transaction.atomic
def welcome(*, provider: IdentityProvider, traits: Traits, account: SocialAccount, on: date) -> User:
    """Somebody the provider knows and we did not."""
    person = add_person(by=None, email=traits.email, name=traits.name, on=on, employee_number=traits.number)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    link(provider=provider, person=person, account=account)
    return person


@transaction.atomic
def unlink(*, by: User, account: SocialAccount) -> None:
    person, key = account.user, account.provider
    account.delete()
    audit.record(by=by, verb="identity.unlinked", on=person, details={"provider": key})


def note_refused(*, person: User | None, why: str, provider: IdentityProvider | None = None) -> None:
    found = provider or person
    if found is not None:
        details = {"why": why, "provider": provider.key if provider else None}
        audit.record(by=person, verb="sign_in.refused", on=found, details=details)


def note_break_glass(*, person: User) -> None:
    audit.record(by=person, verb="sign_in.break_glass", on=person)
