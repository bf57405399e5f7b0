"""Who signs in with one browser too many is signed out in the one that was first, and told so in both."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction

from coe_portal.identity.queries.policy import rules
from coe_portal.identity.queries.sessions import NOTE_SECONDS, note_of
from coe_portal.people.actions import drop_sessions
from coe_portal.people.models import User


@transaction.atomic
def make_room(*, person: User, current: str, at: datetime) -> list[UserSession]:
    """Returns what has ended. What is over by its own limits takes no room."""
    # Locked, so that two sign-ins at the same time count one after the other.
    locked = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    limits = rules().limits_of(locked)
    others = (
        UserSession.objects.filter(user=locked, last_seen_at__gt=at - limits.idle, created_at__gt=at - limits.absolute)
        .exclude(session_key=current)
        .order_by("-created_at", "-pk")
    )
    gone = list(others[limits.browsers - 1 :])
    if gone:
        drop_sessions(UserSession.objects.filter(pk__in=[each.pk for each in gone]))
        notes = {note_of(each.session_key): True for each in gone}
        transaction.on_commit(lambda: cache.set_many(notes, NOTE_SECONDS), robust=True)
    return gone
