"""People leave, whichever way, and come back."""

from collections.abc import Collection
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from coe_portal.core.session_store import SessionStore
from coe_portal.people.access import today
from coe_portal.people.actions.audiences import leave_audiences, reconsider
from coe_portal.people.actions.roles import end_delegations_of_leavers, end_roles_of_leavers
from coe_portal.people.cache import forget
from coe_portal.people.facts import tell, tell_many
from coe_portal.people.models import User


def deactivate(*, by: User | None, person: User, keep_roles: bool = False) -> None:
    """A leaver's sessions end at once; the records stay."""
    deactivate_many(by=by, people=[person], keep_roles=keep_roles)
    person.refresh_from_db(fields=["is_active", "left_at", "session_epoch"])


@transaction.atomic
def deactivate_many(*, by: User | None, people: Collection[User], keep_roles: bool = False) -> None:
    """Leavers lose their sessions and roles, and by the fact `person.deactivated` whatever else lets them in.

    Records stay. `keep_roles` is for an account whose roles go on with another account of the same person.
    The new epoch also voids a session that a request under way is about to save, or a sign-in to finish.
    """
    ids = [person.pk for person in people]
    leaving = list(User.objects.active().filter(pk__in=ids).select_for_update().order_by("pk"))
    gone = [person.pk for person in leaving]
    if not gone:
        return
    now = timezone.now()
    User.objects.filter(pk__in=gone).update(
        is_active=False, left_at=now, session_epoch=F("session_epoch") + 1, changed_at=now
    )
    leave_audiences(person_ids=gone, on=today())
    end_delegations_of_leavers(person_ids=gone, by=by, on=today())
    if not keep_roles:
        end_roles_of_leavers(person_ids=gone, by=by, on=today())
    drop_sessions(UserSession.objects.filter(user__in=gone))
    tell_many(by=by, verb="person.deactivated", on=leaving)
    forget(gone)


@transaction.atomic
def reactivate(*, by: User | None, person: User) -> None:
    person.is_active, person.left_at = True, None
    reactivate_many(by=by, people=[person])
    reconsider(person)


@transaction.atomic
def reactivate_many(*, by: User | None, people: Collection[User]) -> None:
    """Those who have left can sign in again. Their audiences are for the caller to refresh, once for all."""
    back = [person for person in people if person.merged_into_id is None]
    ids = [person.pk for person in back]
    if not ids:
        return
    User.objects.filter(pk__in=ids).update(is_active=True, left_at=None, changed_at=timezone.now())
    tell_many(by=by, verb="person.reactivated", on=back)
    forget(ids)


def end_sessions(person: User) -> None:
    drop_sessions(UserSession.objects.filter(user=person))


def end_old_sessions(rows: QuerySet[Any]) -> int:
    """Whose limit is longer than the list of devices reaches back signs in again: nobody can end what is not listed."""
    return drop_sessions(rows)


@transaction.atomic
def drop_sessions(rows: QuerySet[Any]) -> int:
    """Out of the database with the transaction, out of the cache when it commits."""
    keys = list(rows.values_list("session_key", flat=True))
    rows.delete()
    Session.objects.filter(session_key__in=keys).delete()
    transaction.on_commit(lambda: cache.delete_many([SessionStore.cache_key_prefix + key for key in keys]), robust=True)
    return len(keys)


@transaction.atomic
def pseudonymise(*, by: User | None, person: User, pseudonym: str) -> None:
    """The row stays, since records point at it; nothing in it tells whose it was. Earlier rows of them, too."""
    deactivate(by=by, person=person)
    for row in [person, *User.objects.filter(merged_into=person)]:
        row.name = pseudonym
        row.email = f"former-{row.pk}@erased.invalid"
        row.job_title = row.location = row.employee_number = row.external_id = ""
        row.hired_on = row.manager = None
        row.language, row.time_zone = "en", settings.TIME_ZONE
        row.set_unusable_password()
        row.save()
    tell(by=by, verb="person.erased", on=person)
